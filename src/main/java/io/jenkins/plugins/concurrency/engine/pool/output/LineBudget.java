package io.jenkins.plugins.concurrency.engine.pool.output;

/**
 * So many lines at once, and so many a second from then on: once there are no more, those of a whole second are waited for,
 * so that lines are shown in pieces and not one by one. Thread-safe.
 */
final class LineBudget {

    private static final double NANOS = 1e9;

    private final int burst;
    private final int perSecond;

    // Guarded by this.
    private double left;
    private boolean spent;
    private long sinceNanos = System.nanoTime();

    LineBudget(int burst, int perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.left = burst;
    }

    /** Whether there may be another line now. */
    synchronized boolean take() {
        long now = System.nanoTime();
        left = Math.min(burst, left + (now - sinceNanos) / NANOS * perSecond);
        sinceNanos = now;
        spent = left < (spent ? perSecond : 1);
        if (spent) {
            return false;
        }
        left--;
        return true;
    }
}
