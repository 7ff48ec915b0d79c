package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.IOException;

/** Hides secrets in what outcomes have beside the masked results of attempts: names, and reasons that contain names. */
final class MaskedSink implements OutcomeSink {

    private final SecretMask mask;
    private final OutcomeSink sink;

    MaskedSink(SecretMask mask, OutcomeSink sink) {
        this.mask = mask;
        this.sink = sink;
    }

    @Override
    public void ended(Outcome outcome) throws IOException {
        sink.ended(mask == SecretMask.NONE ? outcome : masked(outcome));
    }

    private Outcome masked(Outcome outcome) {
        BranchError error = outcome.error();
        return new Outcome(
                outcome.index(),
                mask.text(outcome.name()),
                outcome.status(),
                error == null ? null : new BranchError(error.type(), mask.text(error.message())),
                outcome.attempts(),
                outcome.startMillis(),
                outcome.durationMillis(),
                outcome.details());
    }
}
