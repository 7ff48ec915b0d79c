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
 * @param before what its journal had at the start
 * @param record receives outcomes
 * @param mask hides its secrets
 */
record RunContext(
        RunFiles files,
        RunSpec spec,
        JournalIndex before,
        RunJournal record,
        SecretMask mask) {

    /** Masks outcomes before they get into the record. */
    MaskedSink sink() {
        return new MaskedSink(mask, record);
    }

    /**
     * Hides secrets in the names of branches, and in reasons that contain names. The results of attempts are masked
     * before.
     */
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
