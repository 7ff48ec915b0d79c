package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** An attempt of which something else is told than it yields. */
final class MappedAttempt implements Attempt {

    private final Attempt attempt;
    private final CompletionStage<AttemptResult> result;

    MappedAttempt(Attempt attempt, UnaryOperator<AttemptResult> told) {
        this.attempt = attempt;
        this.result = attempt.result().thenApply(told);
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
