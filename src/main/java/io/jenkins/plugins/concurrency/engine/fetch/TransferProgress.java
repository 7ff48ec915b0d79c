package io.jenkins.plugins.concurrency.engine.fetch;

import java.time.Duration;

/** How long it is since the message under way last made progress. Bytes are counted by one thread at a time. */
final class TransferProgress {

    /** The time of the last progress, see {@link System#nanoTime}; 0 if no message is under way. */
    private volatile long movedNanos;

    private int since;

    /** Called when a message begins or continues. */
    void begin() {
        movedNanos = System.nanoTime();
    }

    /** Called when no message is under way. */
    void stop() {
        movedNanos = 0;
    }

    /** Stops for a while. Returns the value that {@link #resume} needs. */
    long pause() {
        long moved = movedNanos;
        movedNanos = 0;
        return moved;
    }

    void resume(long paused) {
        movedNanos = paused;
    }

    /** Starts to count at the first byte of a body. */
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
