package io.jenkins.plugins.concurrency.engine.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The end of a process's output.
 *
 * @param text decoded as UTF-8, malformed bytes replaced
 * @param truncated whether the beginning is missing
 */
public record OutputTail(String text, boolean truncated) {

    /** How much of an output is kept, in bytes. */
    public static final int MAX_BYTES = 8 * 1024;

    /** How much of an output is kept if the output is the result, in bytes. */
    public static final int MAX_WHOLE = 1024 * 1024;

    /**
     * Reads the end of a file.
     *
     * @param max in bytes
     * @throws IOException if it can't be read
     */
    public static OutputTail read(Path file, int max) throws IOException {
        if (Files.size(file) == 0) {
            return new OutputTail("", false); // most are, and to open a file takes far longer
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long skipped = Math.max(0, in.length() - max);
            byte[] bytes = new byte[(int) (in.length() - skipped)];
            in.seek(skipped);
            in.readFully(bytes);
            return decode(bytes, skipped > 0);
        }
    }

    /** Decodes the end of an output whose beginning may be missing. */
    public static OutputTail decode(byte[] bytes, boolean truncated) {
        int begin = 0;
        if (truncated) {
            while (begin < bytes.length && begin < 3 && (bytes[begin] & 0xC0) == 0x80) {
                begin++; // the rest of a character that was cut in two
            }
        }
        return new OutputTail(new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8), truncated);
    }

    /** The same with {@link #MAX_BYTES} characters at most. */
    public OutputTail shortened() {
        if (text.length() <= MAX_BYTES) {
            return this;
        }
        int begin = text.length() - MAX_BYTES;
        boolean isHalf = Character.isLowSurrogate(text.charAt(begin));
        return new OutputTail(text.substring(isHalf ? begin + 1 : begin), true);
    }

    /** The last lines, for a message. */
    public String lastLines(int count) {
        String trimmed = text.stripTrailing();
        int lineBreak = trimmed.length();
        for (int i = 0; i < count && lineBreak >= 0; i++) {
            lineBreak = trimmed.lastIndexOf('\n', lineBreak - 1);
        }
        return trimmed.substring(lineBreak + 1);
    }
}
