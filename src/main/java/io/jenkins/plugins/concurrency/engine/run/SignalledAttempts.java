package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Holds back for a moment what ended by SIGTERM. A machine that shuts down sends it to all processes at once, and what
 * it does to a command may be seen before this process has its own; the command did not fail then, it was suspended.
 *
 * @param <B> the kind of branch
 */
final class SignalledAttempts<B extends Branch> implements Attempter<B> {

    private static final int ENDED_BY_SIGTERM = 128 + 15;

    private static final long HOLD_MILLIS = 500;

    private final Attempter<B> attempter;

    SignalledAttempts(Attempter<B> attempter) {
        this.attempter = attempter;
    }

    @Override
    public Attempt attempt(B branch, int number) {
        return new Held(attempter.attempt(branch, number));
    }

    @Override
    public String groupOf(B branch) {
        return attempter.groupOf(branch);
    }

    private static boolean isSuspicious(AttemptResult result) {
        return result instanceof AttemptResult.Failed failed
                && (failed.error().type() == ErrorType.CRASH
                        || Integer.valueOf(ENDED_BY_SIGTERM).equals(failed.details().get(Detail.EXIT_CODE)));
    }

    private static final class Held implements Attempt {

        private final Attempt attempt;
        private final CompletableFuture<Void> aborted = new CompletableFuture<>();
        private final CompletionStage<AttemptResult> result;

        Held(Attempt attempt) {
            this.attempt = attempt;
            this.result = attempt.result().thenCompose(this::hold);
        }

        private CompletionStage<AttemptResult> hold(AttemptResult ended) {
            if (!isSuspicious(ended)) {
                return CompletableFuture.completedFuture(ended);
            }
            return aborted.completeOnTimeout(null, HOLD_MILLIS, TimeUnit.MILLISECONDS).thenApply(ignored -> ended);
        }

        @Override
        public CompletionStage<AttemptResult> result() {
            return result;
        }

        @Override
        public void abort() {
            aborted.complete(null);
            attempt.abort();
        }
    }
}
