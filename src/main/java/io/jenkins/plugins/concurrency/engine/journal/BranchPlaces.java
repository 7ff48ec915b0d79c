package io.jenkins.plugins.concurrency.engine.journal;

import java.util.Arrays;

/**
 * A number for each branch, by the branch's index. Memory is allocated in pieces when a value is set. An index comes
 * from another machine: a high one must not need memory for all indexes below it. Not thread-safe.
 */
public final class BranchPlaces {

    /** The most branches that a run may have. */
    public static final int MAX_BRANCHES = 5_000_000;

    /** The number of a branch without a value. */
    public static final long NONE = -1;

    /** Small, because each line of a bad journal may need another piece. */
    private static final int PIECE = 64;

    private long[][] pieces = new long[16][];
    private int known;

    /**
     * @param index from 0
     * @param place not {@link #NONE}
     */
    public void put(int index, long place) {
        int piece = index / PIECE;
        if (piece >= pieces.length) {
            pieces = Arrays.copyOf(pieces, Math.max(piece + 1, pieces.length + pieces.length / 2));
        }
        if (pieces[piece] == null) {
            pieces[piece] = emptyPiece();
        }
        pieces[piece][index % PIECE] = place;
        known = Math.max(known, index + 1);
    }

    private static long[] emptyPiece() {
        long[] piece = new long[PIECE];
        Arrays.fill(piece, NONE);
        return piece;
    }

    /** The number of a branch, or {@link #NONE}. */
    public long get(int index) {
        int piece = index / PIECE;
        return index < 0 || piece >= pieces.length || pieces[piece] == null ? NONE : pieces[piece][index % PIECE];
    }

    public boolean has(int index) {
        return get(index) != NONE;
    }

    /** One more than the highest index with a value. */
    public int known() {
        return known;
    }
}
