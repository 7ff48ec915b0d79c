package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Starts the members of a group in even intervals. Unused time is lost. Only the groups of the last interval are in
 * memory. Thread-safe.
 */
public final class GroupPace {

    private static final int SWEEP_SIZE = 1_000;

    private final long intervalNanos;

    /** When the next start of a group is due, see {@link System#nanoTime}. Guarded by this. */
    private final Map<String, Long> due = new HashMap<>();

    private int sweepSize = SWEEP_SIZE;

    /** @param interval between two starts of one group */
    public GroupPace(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval must be more than 0");
        }
        this.intervalNanos = interval.toNanos();
    }

    /**
     * Asks for a start.
     *
     * @return zero if it may start now, and the start has been counted; otherwise how long to wait before the next call
     */
    public synchronized Duration claim(String group) {
        Duration wait = until(group);
        if (wait.isZero()) {
            count(group, System.nanoTime());
        }
        return wait;
    }

    /**
     * Counts a start that will happen when its time has come.
     *
     * @return how long to wait for it
     */
    public synchronized Duration reserve(String group) {
        Duration wait = until(group);
        count(group, System.nanoTime() + wait.toNanos());
        return wait;
    }

    /** How long it takes until a member of the group may start. */
    public synchronized Duration until(String group) {
        Long next = due.get(group);
        return next == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, next - System.nanoTime()));
    }

    private void count(String group, long startNanos) {
        due.put(group, startNanos + intervalNanos);
        if (due.size() > sweepSize) {
            long now = System.nanoTime();
            due.values().removeIf(next -> next - now < 0);
            sweepSize = Math.max(SWEEP_SIZE, 2 * due.size());
        }
    }
}
