package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.FailFastSink;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleControl;
import java.io.IOException;

/**
 * The data of a run after its spec has been read.
 *
 * @param files its run directory
 * @param before what its journal had at the start
 * @param record receives outcomes
 * @param mask hides its secrets
 * @param sink receives all outcomes; their names and reasons may have secrets
 */
record RunContext(
        RunFiles files,
        RunSpec spec,
        JournalIndex before,
        RunJournal record,
        SecretMask mask,
        FailFastSink sink) {

    RunContext(RunFiles files, RunSpec spec, JournalIndex before, RunJournal record, SecretMask mask) {
        this(files, spec, before, record, mask, new FailFastSink(new MaskedSink(mask, record)));
    }

    /** Stops the run when too many branches have failed, now and before this process. Called before it starts. */
    void failFast(ScheduleControl schedule) throws IOException {
        FailFast failFast = spec.policy().failFast();
        if (failFast.percent() > 0) {
            failFast = failFast.of(BranchFile.count(files.branches()));
        }
        Outcome last = before.failed(failFast.failures());
        sink.connect(schedule, failFast, before.count(OutcomeStatus.FAILED), last);
        if (last == null && before.count(OutcomeStatus.CANCELLED) > 0 && !spec.work().needs().isEmpty()) {
            schedule.cancel("the run was stopped"); // else branches would wait for cancelled ones that they need
        }
    }

    /**
     * Hides secrets in the names of branches, and in reasons that contain names. The results of attempts are masked
     * before.
     */
    private record MaskedSink(SecretMask mask, OutcomeSink sink) implements OutcomeSink {

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
