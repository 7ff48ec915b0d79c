package io.jenkins.plugins.concurrency.engine.pool;

import java.util.BitSet;

/** Assigns the lowest free worker number, so that a timeline has no more rows than workers. Thread-safe. */
public final class WorkerSlots {

    /** Guarded by this. */
    private final BitSet taken = new BitSet();

    /** Takes the lowest free number, from 1. */
    public synchronized int take() {
        int slot = taken.nextClearBit(0);
        taken.set(slot);
        return slot + 1;
    }

    /** Gives a number back. */
    public synchronized void free(int number) {
        taken.clear(number - 1);
    }
}
