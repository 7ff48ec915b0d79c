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
 * Attempts that have permits from their start to their end.
 *
 * @param <B> the kind of branch
 * @param longest how long an attempt may have them; zero for as long as it takes
 * @param timer ends those that take longer
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
        return new Permitted(attempt);
    }

    @Override
    public String groupOf(B branch) {
        return attempter.groupOf(branch);
    }

    /** Whoever hears of its end finds the permits given back. */
    private final class Permitted implements Attempt {

        private final Attempt attempt;
        private final AtomicBoolean tookTooLong = new AtomicBoolean();
        private final CompletionStage<AttemptResult> result;

        Permitted(Attempt attempt) {
            this.attempt = attempt;
            Future<?> limit = longest.isZero()
                    ? CompletableFuture.completedFuture(null)
                    : timer.schedule(this::end, longest.toNanos(), TimeUnit.NANOSECONDS);
            this.result = attempt.result()
                    .whenComplete((end, thrown) -> {
                        limit.cancel(false);
                        permits.release();
                    })
                    .thenApply(this::told);
        }

        private void end() {
            tookTooLong.set(true);
            attempt.abort();
        }

        private AttemptResult told(AttemptResult end) {
            if (!tookTooLong.get() || !(end instanceof AttemptResult.Failed failed)) {
                return end;
            }
            String message = "no end within " + Durations.text(longest) + ", the most where builds share connections";
            return new AttemptResult.Failed(
                    new BranchError(ErrorType.TIMEOUT, message), AttemptResult.Retry.NEVER, failed.details());
        }

        @Override
        public CompletionStage<AttemptResult> result() {
            return result;
        }

        @Override
        public void abort() {
            attempt.abort();
        }
    }
}
