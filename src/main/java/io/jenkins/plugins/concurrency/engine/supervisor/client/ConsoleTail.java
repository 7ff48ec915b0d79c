package io.jenkins.plugins.concurrency.engine.supervisor.client;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Sends whole lines that a run writes for users beside its journal. Not thread-safe. */
final class ConsoleTail {

    /** In bytes. More than any line has, and not too much for a connection. */
    private static final int BLOCK = 256 * 1024;

    private final Path file;
    private final JournalListener listener;
    private long offset;

    /** @param offset where to begin, in bytes; negative for the end of the file */
    ConsoleTail(Path file, long offset, JournalListener listener) {
        this.file = file;
        this.listener = listener;
        this.offset = offset < 0 ? file.toFile().length() : offset;
    }

    /** @throws IOException if the file can't be read, or the listener fails; it gets the same lines again next time */
    void deliver() throws IOException {
        if (file.toFile().length() <= offset) {
            return; // most runs say nothing
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            for (long left; (left = in.length() - offset) > 0; ) {
                byte[] block = new byte[(int) Math.min(left, BLOCK)];
                in.seek(offset);
                in.readFully(block);
                int whole = endOfLastLine(block);
                if (whole == 0) {
                    return; // a line that is still being written
                }
                listener.consoleOutput(offset, Arrays.copyOf(block, whole));
                offset += whole;
            }
        }
    }

    private static int endOfLastLine(byte[] block) {
        int end = block.length;
        while (end > 0 && block[end - 1] != '\n') {
            end--;
        }
        return end;
    }
}
