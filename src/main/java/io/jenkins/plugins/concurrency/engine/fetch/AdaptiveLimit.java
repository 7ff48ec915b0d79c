package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * Finds how many requests one origin can do at once. It tries another limit for a while and keeps it if that is worth
 * it: with more requests at once, for clearly more throughput; with fewer, for about the same. It begins with doubling,
 * makes smaller steps when a step was not worth it, and then tries again only from time to time. A refusal halves the
 * limit, unless {@link OriginRefusals} finds another reason for it, and {@link RefusalCeiling} is not exceeded.
 *
 * <p>Throughput is computed by Little's law from the mean number of requests under way and the mean time that they
 * took, because counts within a short time depend on when it begins and ends. The work of a response is the time that
 * one with such a body usually takes, in proportion to the mean, so it does not matter whether large or small bodies are
 * measured. Failed requests take time and do no work. Requests that were begun before the limit was changed, or open the
 * connections for a higher one, are not measured.
 *
 * <p>Times are those of {@link System#nanoTime}. Not thread-safe.
 */
final class AdaptiveLimit {

    /** Where it begins. */
    static final int FIRST = 4;

    /** How an attempt ended. */
    enum End {
        SERVED,
        /** The server answered that it has too much to do. */
        REFUSED,
        /** There was no connection. Either the server has too much to do, or it is down. */
        UNREACHED,
        FAILED,
        /** Nothing was sent. */
        UNSENT
    }

    /** An attempt under way. */
    record Call(int epoch, boolean measured, long startNanos, @CheckForNull OriginRefusals.Request before) {}

    /** A higher limit is kept if throughput grows by at least this part of what the limit grew by. */
    private static final double WORTH = 0.1;

    private static final double COARSE = 2;
    private static final double FINE = 1.19;

    /** Throughput is known when its standard error is at most this part of the difference that matters. */
    private static final double ERROR = 0.5;

    /** If a limit is to be doubled, throughput need not be known better before that. */
    private static final double COARSE_ERROR = 0.15;

    /** What differs by so many standard errors is different. */
    private static final double CLEAR = 2.5;

    private static final int MAX_ROUNDS = 40;
    private static final long LONG_NANOS = Duration.ofSeconds(3).toNanos();

    /** If fewer requests than this part of the limit are under way, something else limits them. */
    private static final double FULL = 0.6;

    /** A try may take this part of the time, so that one that is not worth it costs little. */
    private static final int REST = 5;

    private static final long FIRST_REST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_REST_NANOS = Duration.ofSeconds(30).toNanos();

    private final int most;

    private int limit;
    private int running;

    /** Whether the origin has answered since it was last found to be down. */
    private boolean answered;

    /** Changes with the limit. */
    private int epoch;

    /** How many of the next requests are not measured. */
    private int unmeasured;

    private Throughput measured = new Throughput();
    private final Throughput.UsualTimes usual = new Throughput.UsualTimes();
    private long changedNanos;

    /** The limit that was good so far. If the present one is another, it is being tried. */
    private int base;

    /** {@link Throughput#rate} at {@link #base}; NaN if it is to be measured. */
    private double baseRate = Double.NaN;

    /** Its relative standard error. */
    private double baseError;

    private double step = COARSE;
    private boolean up = true;
    private int kept;
    private int rejected;
    private boolean resting;
    private long restUntil;
    private long restNanos = FIRST_REST_NANOS;

    private final OriginRefusals refusals = new OriginRefusals();
    private final RefusalCeiling ceiling = new RefusalCeiling();

    /** @param most the highest limit */
    AdaptiveLimit(int most) {
        this.most = most;
        this.limit = Math.min(FIRST, most);
        this.base = limit;
    }

    /** How many may run at once now. */
    int limit() {
        return limit;
    }

    int running() {
        return running;
    }

    /** How long nothing may be sent, in nanoseconds. */
    long pause(long now) {
        return refusals.pause(now);
    }

    /**
     * An attempt begins.
     *
     * @param before what {@link #end} returned for the attempt before; {@code null} for none
     */
    Call begin(@CheckForNull OriginRefusals.Request before, long now) {
        measured.integrate(running, now);
        running++;
        boolean counts = unmeasured == 0;
        unmeasured -= counts ? 0 : 1;
        if (counts) {
            measured.begin(now);
        }
        return new Call(epoch, counts, now, before);
    }

    /**
     * An attempt has ended.
     *
     * @param bytes of the body
     * @param asked the pause that the server asked for, in nanoseconds; 0 for none
     * @return not null if it was refused, but the server may accept it later
     */
    @CheckForNull
    OriginRefusals.Request end(Call call, End end, long bytes, long asked, long now) {
        measured.integrate(running, now);
        running--;
        if (end == End.REFUSED || end == End.UNREACHED && isOverloaded(now)) {
            return refused(call, asked, now);
        }
        if (end == End.SERVED) {
            served(now);
        }
        if (end != End.UNSENT && call.measured && call.epoch == epoch) {
            long nanos = now - call.startNanos;
            measured.add(end == End.SERVED ? usual.work(bytes, nanos) : 0, nanos);
            if (isMeasured(now)) {
                judge(now);
            }
        }
        return null;
    }

    /**
     * Whether an origin that can't be reached has too much to do. If it has never answered, or does not answer a single
     * request, it is down: then fewer requests at once do not help, and only take longer.
     */
    private boolean isOverloaded(long now) {
        answered &= limit > 1;
        if (!answered) {
            restart(Math.min(most, limit + 1), now);
        }
        return answered;
    }

    private void served(long now) {
        refusals.served();
        if (!answered) {
            answered = true;
            restart(Math.min(limit, FIRST), now);
        }
    }

    private boolean isMeasured(long now) {
        int samples = measured.samples();
        if (samples < (step >= COARSE ? Math.max(FIRST, limit / 4) : limit)) {
            return false;
        }
        double error = measured.error();
        if (samples >= MAX_ROUNDS * limit || now - changedNanos >= LONG_NANOS || error <= ERROR * WORTH * (step - 1)) {
            return true;
        }
        return limit == base
                ? step >= COARSE && error <= COARSE_ERROR
                : Math.abs(measured.rate() / enough() - 1) > CLEAR * Math.hypot(error, baseError);
    }

    /** The throughput that makes the limit that is tried worth it. */
    private double enough() {
        return baseRate * (1 + WORTH * ((double) limit / base - 1));
    }

    private void judge(long now) {
        Throughput done = measured;
        measured = new Throughput(); // at the same limit the requests under way are part of the next measurement
        boolean full = done.meanRunning() >= FULL * limit;
        boolean tried = limit != base;
        if (!full || tried && done.rate() <= enough()) { // equal if nothing succeeds
            if (full) {
                reject(now);
            }
            change(base, now);
            return;
        }
        base = limit;
        baseRate = done.rate();
        baseError = done.error();
        if (tried) {
            keep();
        }
        tryAnother(now);
    }

    private void keep() {
        rejected = 0;
        restNanos = FIRST_REST_NANOS;
        if (++kept > 1) {
            step = Math.min(COARSE, step * step);
        }
        ceiling.kept(limit);
    }

    private void reject(long now) {
        kept = 0;
        up = !up;
        rejected++;
        if (rejected > 1 && step <= FINE) {
            rejected = 0;
            resting = true;
            restUntil = now + Math.max(restNanos, REST * (now - changedNanos));
            restNanos = Math.min(LONGEST_REST_NANOS, 2 * restNanos);
        }
        step = Math.max(FINE, Math.sqrt(step));
    }

    private void tryAnother(long now) {
        if (resting && restUntil - now > 0) {
            return;
        }
        resting = false;
        int next = next(now);
        if (next == base) {
            up = !up;
            step = FINE;
            next = next(now);
        }
        change(next, now);
    }

    private int next(long now) {
        if (!up) {
            return Math.max(1, Math.min(base - 1, (int) (base / step)));
        }
        int top = Math.min(most, ceiling.highest(base, now));
        return Math.max(base, Math.min(top, Math.max(base + 1, (int) Math.ceil(base * step))));
    }

    private void change(int newLimit, long now) {
        if (newLimit != limit) {
            unmeasured = Math.max(0, newLimit - limit);
            limit = newLimit;
            changedNanos = now;
            epoch++;
            measured = new Throughput();
        }
    }

    /** Begins anew at a limit. */
    private void restart(int newLimit, long now) {
        change(newLimit, now);
        base = newLimit;
        baseRate = Double.NaN;
        step = COARSE;
        up = true;
        kept = 0;
        rejected = 0;
        resting = false;
    }

    @CheckForNull
    private OriginRefusals.Request refused(Call call, long asked, long now) {
        OriginRefusals.Request before = call.before;
        if (before != null && refusals.isOwnFault(before)) {
            ceiling.excuse(before.halved());
            return refusals.excuse(before, asked);
        }
        boolean current = call.epoch == epoch;
        boolean everything = running == 0 && refusals.isNothingServed();
        OriginRefusals.Request again = refusals.add(before, asked, current && limit == 1, now);
        if (asked > 0) {
            ceiling.lastFor(asked);
        }
        if (!current) {
            ceiling.lower(limit, running); // more of the requests that were too many
        } else if (limit > 1) { // a single request says nothing about a number
            int tooMany = limit;
            restart(limit / 2, now);
            ceiling.descend(tooMany, limit, running, now);
        }
        if (everything) {
            ceiling.clear(); // nor does a server that refuses whatever is sent
        }
        return again;
    }
}
