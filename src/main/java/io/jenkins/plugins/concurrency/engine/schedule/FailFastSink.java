package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.IOException;

/** Passes a run's outcomes on, and stops the run once too many branches have failed. Thread-safe. */
public final class FailFastSink implements OutcomeSink {

    private final OutcomeSink next;

    // Guarded by this.
    private FailFast limit = FailFast.NEVER;
    private ScheduleControl schedule;
    private int failed;

    public FailFastSink(OutcomeSink next) {
        this.next = next;
    }

    /**
     * Stops the schedule from now on, and at once if too many had failed before. Called before it starts.
     *
     * @param limit a number
     * @param failed how many have failed before
     * @param last the failure that was one too many, or {@code null}
     */
    public void connect(ScheduleControl schedule, FailFast limit, int failed, @CheckForNull Outcome last) {
        synchronized (this) {
            this.limit = limit;
            this.schedule = schedule;
            this.failed = failed;
        }
        if (last != null) {
            stop(last);
        }
    }

    @Override
    public void ended(Outcome outcome) throws IOException {
        next.ended(outcome);
        if (outcome.status() == OutcomeStatus.FAILED && isOneTooMany()) {
            stop(outcome);
        }
    }

    private synchronized boolean isOneTooMany() {
        failed++;
        return failed == limit.failures();
    }

    private void stop(Outcome last) {
        if (limit.soon()) {
            schedule.halt(limit.reason(last.name()));
        } else {
            schedule.cancel(limit.reason(last.name()));
        }
    }
}
