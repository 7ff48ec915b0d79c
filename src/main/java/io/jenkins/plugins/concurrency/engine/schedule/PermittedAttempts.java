package io.jenkins.plugins.concurrency.engine.schedule;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Attempts that have permits from start to end.
 *
 * @param <B> the kind of branch
 * @param longest how long an attempt may have them; zero for no limit
 * @param timer ends attempts that take longer
 */
public record PermittedAttempts<B extends Branch>(
        Attempter<B> attempter, Permits permits, Duration longest, ScheduledExecutorService timer)
        implements Attempter<B> {

    @Override
    public Attempt attempt(B branch, int number) {
        permits.take();
        Attempt attempt;
        try {
            attempt = attempter.attempt(branch, number);
        } catch (Throwable e) {
            permits.release();
            throw e;
        }
        return permitted(attempt);
    }

    @Override
    public String groupOf(B branch) {
        return attempter.groupOf(branch);
    }

    /** The permits are given back before its end is reported. */
    private Attempt permitted(Attempt attempt) {
        AtomicBoolean tookTooLong = new AtomicBoolean();
        Runnable end = () -> {
            tookTooLong.set(true);
            attempt.abort();
        };
        Future<?> limit = longest.isZero()
                ? CompletableFuture.completedFuture(null)
                : timer.schedule(end, longest.toNanos(), TimeUnit.NANOSECONDS);
        CompletionStage<AttemptResult> result = attempt.result()
                .whenComplete((ended, thrown) -> {
                    limit.cancel(false);
                    permits.release();
                })
                .thenApply(ended -> tookTooLong.get() ? tooLong(ended) : ended);
        return Attempt.of(result, attempt::abort);
    }

    private AttemptResult tooLong(AttemptResult ended) {
        if (!(ended instanceof AttemptResult.Failed failed)) {
            return ended;
        }
        String message = "no end within " + DurationText.text(longest) + ", the most where builds share connections";
        return new AttemptResult.Failed(
                new BranchError(ErrorType.TIMEOUT, message), AttemptResult.Retry.NEVER, failed.details());
    }
}
