package io.jenkins.plugins.concurrency.engine.fetch;

import java.time.Duration;

/**
 * The number of requests at once that an origin may accept, as its refusals show. It is not exceeded for some time, longer
 * if the server refuses again when it is exceeded. Halvings that follow each other at once are one descent.
 *
 * <p>Times are those of {@link System#nanoTime}. Not thread-safe.
 */
final class RefusalCeiling {

    private static final long FIRST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    /** A server that asks for a pause is not tempted again before this many times the pause. */
    private static final int PATIENCE = 60;

    private static final long LONGEST_ASKED_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int NONE = Integer.MAX_VALUE;

    private int highest = NONE;
    private long until;
    private long nanos = FIRST_NANOS;
    private boolean descending;

    /** What {@link #highest} was before the descent. */
    private int before = NONE;

    /** How many refusals the descent is due to. */
    private int refusals;

    /** The highest limit to try at a time. */
    int highest(int limit, long now) {
        return highest == NONE || until - now > 0 ? highest : Math.max(highest, limit + Math.max(1, limit / 20));
    }

    /** The limit was halved because of a refusal. */
    void descend(int from, int to, int running, long now) {
        if (!descending || until - now <= 0) {
            before = highest;
            refusals = 0;
            nanos = highest == NONE ? nanos : Math.max(nanos, Math.min(LONGEST_NANOS, 2 * nanos));
            descending = true;
        }
        refusals++;
        highest = Math.max(to, Math.min(from - 1, running));
        until = now + nanos;
    }

    /** There was another refusal of those that were sent before the limit was halved. */
    void lower(int limit, int running) {
        refusals++;
        if (highest < NONE) {
            highest = Math.max(limit, Math.min(highest, running));
        }
    }

    /** So many refusals say nothing about the server. */
    void excuse(int count) {
        refusals -= count;
        if (count > 0 && refusals <= 0 && highest < NONE) {
            if (before == NONE) {
                clear();
            } else {
                highest = before;
            }
        }
    }

    /** The server has asked for a pause. */
    void lastFor(long asked) {
        nanos = Math.max(nanos, Math.min(LONGEST_ASKED_NANOS, PATIENCE * asked));
    }

    /** A limit was worth it. */
    void kept(int limit) {
        descending = false;
        if (limit > highest) {
            clear();
        }
    }

    void clear() {
        highest = NONE;
        nanos = FIRST_NANOS;
        descending = false;
    }
}
