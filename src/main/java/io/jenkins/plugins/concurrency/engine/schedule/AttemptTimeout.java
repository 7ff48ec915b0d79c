package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;

/**
 * The time limit of attempts: a fixed one, or one that is computed from other attempts. Guarded by the scheduler's
 * lock.
 */
final class AttemptTimeout<B extends Branch> {

    private final Duration fixed;

    /** {@code null} if there is no such limit. */
    @CheckForNull
    private final RelativeLimit relative;

    private final ScheduledExecutorService timer;
    private final ObjIntConsumer<ScheduledBranch<B>> over;

    /**
     * @param over called by the timer, without the lock, when an attempt's time may be over; with its branch and number
     */
    AttemptTimeout(BranchSettings policy, ScheduledExecutorService timer, ObjIntConsumer<ScheduledBranch<B>> over) {
        this.fixed = policy.timeout();
        this.relative = policy.timeoutPercent() == 0 ? null : new RelativeLimit(policy.timeoutPercent());
        this.timer = timer;
        this.over = over;
    }

    /** Starts the time limit of a running attempt, if there is one. */
    void watch(ScheduledBranch<B> ticket) {
        Duration limit = current();
        if (limit == null || limit.isZero()) {
            return;
        }
        int number = ticket.attempts;
        ticket.stopTimer();
        Duration left = limit.minus(ticket.attemptTime());
        ticket.timer = timer.schedule(
                () -> over.accept(ticket, number), Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** @return whether running attempts have a limit from now on, and had none before */
    boolean succeeded(ScheduledBranch<B> ticket) {
        return relative != null && relative.succeeded(ticket.attemptTime().toMillis());
    }

    /** The error of an attempt whose time is over; {@code null} if its limit has become longer. */
    @CheckForNull
    BranchError exceeded(ScheduledBranch<B> ticket) {
        if (relative != null && ticket.attemptTime().compareTo(relative.current()) < 0) {
            watch(ticket); // the median has grown
            return null;
        }
        String text = relative == null ? DurationText.text(fixed) : relative.text();
        return new BranchError(ErrorType.TIMEOUT, "no end within " + text);
    }

    private Duration current() {
        return relative == null ? fixed : relative.current();
    }

    /**
     * A time limit in percent of the median of successful attempts. To limit memory, only the last {@value #REMEMBERED}
     * count. Not thread-safe.
     */
    static final class RelativeLimit {

        /** How many attempts must succeed before there is a limit. */
        static final int ENOUGH = 3;

        private static final int REMEMBERED = 1_001;

        /** The lowest limit. Shorter differences say more about the machine than about the work. */
        private static final Duration LEAST = Duration.ofSeconds(1);

        private final int percent;
        private final Deque<Long> inOrder = new ArrayDeque<>();

        /** How often each duration in milliseconds was seen. */
        private final SortedMap<Long, Integer> bySize = new TreeMap<>();

        RelativeLimit(int percent) {
            this.percent = percent;
        }

        /** @return whether there is a limit from now on, and was none before */
        boolean succeeded(long millis) {
            inOrder.addLast(millis);
            bySize.merge(millis, 1, Integer::sum);
            if (inOrder.size() > REMEMBERED) {
                bySize.computeIfPresent(inOrder.removeFirst(), (key, count) -> count == 1 ? null : count - 1);
            }
            return inOrder.size() == ENOUGH;
        }

        /** The present limit; {@code null} if there is none yet. */
        @CheckForNull
        Duration current() {
            if (inOrder.size() < ENOUGH) {
                return null;
            }
            Duration limit = Duration.ofMillis(median() * percent / 100);
            return limit.compareTo(LEAST) < 0 ? LEAST : limit;
        }

        String text() {
            return percent + "% of the median of " + DurationText.text(Duration.ofMillis(median()));
        }

        private long median() {
            int before = (inOrder.size() - 1) / 2;
            for (var entry : bySize.entrySet()) {
                before -= entry.getValue();
                if (before < 0) {
                    return entry.getKey();
                }
            }
            throw new IllegalStateException("nothing has succeeded");
        }
    }
}
