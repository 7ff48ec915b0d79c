package io.jenkins.plugins.concurrency.engine.schedule;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import java.util.Map;
import java.util.concurrent.Future;

/** A branch on its way through the scheduler. Fields are guarded by the scheduler's lock. */
final class Ticket<B extends Branch> {

    final B branch;
    final String group;

    /** Attempts begun so far. */
    int attempts;

    /** The attempt under way, between its start and its end. */
    Attempt attempt;

    /** Why the attempt was told to stop; the first reason wins. */
    BranchError abortReason;

    /** The pending end of a pause or of an attempt's time. */
    Future<?> timer;

    /** When this process began its first attempt of the branch; 0 before. */
    private long startMillis;

    private long startNanos;

    /** @param attempts those that a process before this one has begun */
    Ticket(B branch, String group, int attempts) {
        this.branch = branch;
        this.group = group;
        this.attempts = attempts;
    }

    void beginAttempt() {
        attempts++;
        if (startMillis == 0) {
            startMillis = System.currentTimeMillis();
            startNanos = System.nanoTime();
        }
        attempt = null;
        abortReason = null;
    }

    void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    Outcome outcome(Status status, BranchError error, Map<String, Object> details) {
        if (startMillis == 0) {
            // Not begun here, but perhaps in another process.
            long now = System.currentTimeMillis();
            return new Outcome(branch.index(), branch.name(), status, error, attempts, now, 0, details);
        }
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        return new Outcome(branch.index(), branch.name(), status, error, attempts, startMillis, millis, details);
    }
}
