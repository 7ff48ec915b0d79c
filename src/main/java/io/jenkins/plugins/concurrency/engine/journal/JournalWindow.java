package io.jenkins.plugins.concurrency.engine.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads entries of a journal at any position. It caches a piece of the file, so the file is opened once for some
 * hundred entries. Thread-safe.
 */
public final class JournalWindow {

    private final Path journal;
    private final int usual;

    // Guarded by this.
    private byte[] piece = new byte[0];
    private long begin;

    /** For a single entry. */
    public JournalWindow(Path journal) {
        this(journal, 4 * 1024);
    }

    /** @param usual the size of the piece in bytes, unless a line is longer */
    JournalWindow(Path journal, int usual) {
        this.journal = journal;
        this.usual = usual;
    }

    /**
     * Reads the entry at an offset.
     *
     * @param offset where its line begins
     * @throws IOException if the journal can't be read, or ends within the line
     */
    public synchronized JournalEntry read(long offset) throws IOException {
        try {
            int length = lineAt(offset);
            for (int size = usual; length < 0; size *= 2) {
                move(offset, size);
                length = lineAt(offset);
                if (length < 0 && (piece.length < size || size > 2 * JournalLines.MAX_LINE)) {
                    throw new IOException("the journal has no whole line at " + offset);
                }
            }
            return JournalLines.parse(piece, (int) (offset - begin), length);
        } finally {
            if (piece.length > usual) {
                piece = new byte[0];
            }
        }
    }

    /** The length of a line without its line break; -1 if the piece does not have all of it. */
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

    private void move(long offset, int size) throws IOException {
        begin = Math.max(0, offset - usual / 4); // branches end in about the order of their indexes, but not quite
        piece = new byte[0];
        try (InputStream in = Files.newInputStream(journal)) {
            in.skipNBytes(Math.min(begin, Files.size(journal)));
            piece = in.readNBytes(size);
        }
    }
}
