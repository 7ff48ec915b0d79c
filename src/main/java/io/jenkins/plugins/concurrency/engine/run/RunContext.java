package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.IOException;

/**
 * The data of a run after its spec has been read.
 *
 * @param files its run directory
 * @param before what its journal has already
 * @param record receives what ends
 * @param mask hides its secrets
 */
record RunContext(
        RunFiles files,
        RunSpec spec,
        JournalIndex before,
        RunJournal record,
        SecretMask mask) {

    /** The record for outcomes whose names have not been masked. */
    MaskedSink sink() {
        return new MaskedSink(mask, record);
    }

    /** Hides secrets in what outcomes have beside the masked results of attempts: names, and reasons that contain names. */
    record MaskedSink(SecretMask mask, OutcomeSink sink) implements OutcomeSink {

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
}
