package io.jenkins.plugins.concurrency.engine.pool.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads complete lines from a growing file. Not thread-safe. */
final class FollowedStream {

    /** In bytes; what a line has beyond that is not shown. */
    static final int MAX_LINE = 4 * 1024;

    private static final int BLOCK = 64 * 1024;

    private static final String CUT = "…";

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long offset;
    private boolean cut;

    /**
     * Reads on.
     *
     * @param most how much to read, in bytes
     * @param lines receives each complete line, without line break; one that was too long ends in an ellipsis
     * @return whether the end of the file was reached
     * @throws IOException if the file can't be read
     */
    boolean read(Path file, long most, Consumer<String> lines) throws IOException {
        if (file.toFile().length() <= offset) {
            return true; // nothing new; most looks end here
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(offset);
            byte[] block = new byte[(int) Math.min(BLOCK, most)];
            for (long left = most; left > 0; ) {
                int read = in.read(block, 0, (int) Math.min(block.length, left));
                if (read < 0) {
                    return true;
                }
                split(block, read, lines);
                offset += read;
                left -= read;
            }
            return offset >= in.length();
        }
    }

    private void split(byte[] block, int length, Consumer<String> lines) {
        int begin = 0;
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                append(block, begin, i);
                end(lines);
                begin = i + 1;
            }
        }
        append(block, begin, length);
    }

    private void append(byte[] block, int begin, int end) {
        int fits = Math.min(end - begin, MAX_LINE - line.size());
        line.write(block, begin, fits);
        cut |= fits < end - begin;
    }

    private void end(Consumer<String> lines) {
        lines.accept(line.toString(StandardCharsets.UTF_8) + (cut ? CUT : ""));
        line.reset();
        cut = false;
    }

    /** The file is complete: tells the last line, if it has no line break. */
    void close(Consumer<String> lines) {
        if (line.size() > 0) {
            end(lines);
        }
    }
}
