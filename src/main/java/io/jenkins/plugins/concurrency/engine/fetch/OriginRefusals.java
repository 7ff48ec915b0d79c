package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * What the refusals of one origin mean: that it has too much to do, needs a pause, refuses whatever is sent, or refuses
 * just one request. A request that is refused again while many others are served is at fault itself.
 *
 * <p>Times are those of {@link System#nanoTime}. Not thread-safe.
 */
final class OriginRefusals {

    /**
     * A request that has been refused and may be sent again.
     *
     * @param times how often it was refused
     * @param halved how many of these were taken for the server's fault
     * @param served how many requests of the origin had been served when it was first refused
     * @param refused how many had been refused then, with it
     */
    record Request(int times, int halved, long served, long refused) {

        /** How long this one waits. A request at fault itself does not make others wait, but may need some time. */
        Duration pause() {
            return halved > 0 ? Duration.ZERO : Duration.ofNanos(FIRST_PAUSE_NANOS << Math.min(times - 2, 3));
        }
    }

    /** How many times a request is sent again for nothing. */
    static final int MAX_RESENDS = 10;

    /** If so many requests in a row were refused, and each was the only one, the server refuses whatever is sent. */
    static final int HOPELESS = 12;

    /** A server that asks for pauses gets so much without serving anything. */
    private static final long LONGEST_WAIT_NANOS = Duration.ofMinutes(10).toNanos();

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();
    private static final int MAX_PAUSE_DOUBLINGS = 4;

    /** A request is at fault itself if so many others are served for each refusal. */
    private static final int OWN_FAULT = 10;

    private long served;

    /** Without requests that are at fault themselves. */
    private long refused;

    /** {@link #served} at the last refusal. */
    private long servedBefore = -1;

    /** How many requests in a row were refused of those that were the only one at their time. */
    private int refusedAlone;

    /** The pauses that the server has asked for since it last served something. */
    private long waitedNanos;

    private long pausedUntil;
    private boolean paused;

    /** How long nothing may be sent, in nanoseconds. */
    long pause(long now) {
        paused &= pausedUntil - now > 0;
        return paused ? pausedUntil - now : 0;
    }

    void served() {
        served++;
        refusedAlone = 0;
        waitedNanos = 0;
    }

    /** Whether nothing was served since the last refusal. */
    boolean isNothingServed() {
        return served == servedBefore;
    }

    /** Whether the next refusal of a request is its own fault. */
    boolean isOwnFault(Request before) {
        boolean known = before.served <= served && before.refused <= refused; // the origin may be forgotten meanwhile
        return known && served - before.served >= OWN_FAULT * (refused + 1 - before.refused);
    }

    /**
     * A request was refused again by its own fault.
     *
     * @param asked the pause that the server asked for, in nanoseconds
     * @return {@code null} if it is not worth sending again
     */
    @CheckForNull
    Request excuse(Request before, long asked) {
        boolean again = before.times < MAX_RESENDS && asked <= LONGEST_WAIT_NANOS / MAX_RESENDS;
        return again ? new Request(before.times + 1, 0, before.served, before.refused) : null;
    }

    /**
     * A request was refused by the server's fault.
     *
     * @param asked the pause that the server asked for, in nanoseconds; 0 for none
     * @param alone whether only one may be sent at a time
     * @return {@code null} if it is not worth sending again
     */
    @CheckForNull
    Request add(@CheckForNull Request before, long asked, boolean alone, long now) {
        refused++;
        servedBefore = served;
        boolean again = refusedAlone < HOPELESS && (waitedNanos < LONGEST_WAIT_NANOS || pause(now) > 0);
        if (again && asked > 0) {
            waitedNanos += pauseFor(asked, now);
        } else if (again && alone) {
            pauseFor(FIRST_PAUSE_NANOS << Math.min(MAX_PAUSE_DOUBLINGS, refusedAlone), now);
        }
        refusedAlone += alone ? 1 : 0;
        if (!again || before != null && before.times >= MAX_RESENDS) {
            return null;
        }
        return before == null
                ? new Request(1, 1, served, refused)
                : new Request(before.times + 1, before.halved + 1, before.served, before.refused);
    }

    /** Returns by how much it makes the pause longer. */
    private long pauseFor(long nanos, long now) {
        long more = Math.max(0, nanos - pause(now));
        if (more > 0) {
            paused = true;
            pausedUntil = now + nanos;
        }
        return more;
    }
}
