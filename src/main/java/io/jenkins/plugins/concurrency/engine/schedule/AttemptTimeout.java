package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;

/**
 * How long one attempt may take: the policy's limit, or one computed from the other attempts. Guarded by the
 * scheduler's lock.
 */
final class AttemptTimeout<B extends Branch> {

    private final Duration fixed;

    /** {@code null} if there is no such limit. */
    @CheckForNull
    private final RelativeLimit relative;

    private final ScheduledExecutorService timer;
    private final ObjIntConsumer<ScheduledBranch<B>> over;

    /** @param over called by the timer, without the lock, when a branch's time may be over, with its attempt's number */
    AttemptTimeout(BranchSettings policy, ScheduledExecutorService timer, ObjIntConsumer<ScheduledBranch<B>> over) {
        this.fixed = policy.timeout();
        this.relative = policy.timeoutPercent() == 0 ? null : new RelativeLimit(policy.timeoutPercent());
        this.timer = timer;
        this.over = over;
    }

    /** Gives an attempt that is under way its time, if it is limited. */
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

    /** @return whether those that are under way have a limit from now on, and had none */
    boolean succeeded(ScheduledBranch<B> ticket) {
        return relative != null && relative.succeeded(ticket.attemptTime().toMillis());
    }

    /** What is wrong with an attempt whose time was over; {@code null} if it has got more since. */
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
}
