package io.jenkins.plugins.concurrency.engine.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads entries of a journal at whatever places, and keeps a piece of the file: whoever goes through many of them opens
 * it once for some hundred, not for each. Safe for use by many threads.
 */
final class JournalWindow {

    /** In bytes; whoever holds results of a run holds one of these. */
    private static final int SIZE = 64 * 1024;

    /** Of it before the place that is asked for: branches end in about the order of their indexes, but not quite. */
    private static final int BEFORE = SIZE / 4;

    private final Path journal;

    // Guarded by this.
    private byte[] piece = new byte[0];
    private long begin;

    JournalWindow(Path journal) {
        this.journal = journal;
    }

    /**
     * Reads the entry at a place.
     *
     * @param offset where its line begins
     * @throws IOException if the journal can't be read, or ends within the line
     */
    synchronized JournalEntry read(long offset) throws IOException {
        int length = lineAt(offset);
        if (length < 0) {
            move(offset);
            length = lineAt(offset);
        }
        return length < 0
                ? JournalLines.read(journal, offset) // longer than the window
                : JournalLines.parse(piece, (int) (offset - begin), length);
    }

    /** The length of a line without its break, or -1 if not all of it is here. */
    private int lineAt(long offset) {
        long start = offset - begin;
        if (start < 0) {
            return -1;
        }
        for (long i = start; i < piece.length; i++) {
            if (piece[(int) i] == '\n') {
                return (int) (i - start);
            }
        }
        return -1;
    }

    private void move(long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "r")) {
            long start = Math.max(0, offset - BEFORE);
            byte[] block = new byte[SIZE];
            file.seek(start);
            int filled = 0;
            for (int read; filled < SIZE && (read = file.read(block, filled, SIZE - filled)) > 0; ) {
                filled += read;
            }
            piece = Arrays.copyOf(block, filled);
            begin = start;
        }
    }
}
