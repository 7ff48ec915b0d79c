package io.jenkins.plugins.concurrency.engine.fetch;

import java.time.Duration;

/** How long it is since the message under way last made progress. Bytes are counted by one thread at a time. */
final class TransferProgress {

    /** When it was, and 0 where none is under way: see {@link System#nanoTime}. */
    private volatile long movedNanos;

    private int since;

    /** A message begins, or goes on. */
    void begin() {
        movedNanos = System.nanoTime();
    }

    /** None is under way. */
    void stop() {
        movedNanos = 0;
    }

    /** Stops for a while, and tells {@link #resume} where it stood. */
    long pause() {
        long moved = movedNanos;
        movedNanos = 0;
        return moved;
    }

    void resume(long paused) {
        movedNanos = paused;
    }

    /** Counts from the first byte on. */
    void beginBody() {
        begin();
        since = 0;
    }

    void transferred(int bytes) {
        since += bytes;
        if (since >= Timeouts.LEAST_BYTES) {
            beginBody();
        }
    }

    boolean isStopped() {
        return movedNanos == 0;
    }

    boolean hasStalled(long nowNanos, Duration limit) {
        long moved = movedNanos;
        return moved != 0 && nowNanos - moved >= limit.toNanos();
    }
}
