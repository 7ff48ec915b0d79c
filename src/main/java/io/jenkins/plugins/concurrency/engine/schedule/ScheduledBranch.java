package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** A branch that the scheduler has taken from its source. Fields are guarded by the scheduler's lock. */
final class ScheduledBranch<B extends Branch> {

    final B branch;
    final String group;

    /** Attempts begun so far that count. */
    int attempts;

    /** How many were refused and did not count. */
    private int refusals;

    /** The running attempt; {@code null} if there is none. */
    Attempt attempt;

    /** Why the attempt was stopped; the first reason wins. */
    BranchError abortReason;

    /** The pending timer of a pause or of a time limit. */
    Future<?> timer;

    /** When this process began its first attempt of the branch; 0 before that. */
    private long startMillis;

    private long startNanos;

    /** The attempts of this process so far; {@code null} before the first retry. Most branches have none. */
    private AttemptTimes tries;

    private long attemptStartNanos;
    private boolean underWay;

    /** @param attempts how many another process has begun before */
    ScheduledBranch(B branch, @CheckForNull String group, int attempts) {
        this.branch = branch;
        this.group = group;
        this.attempts = attempts;
    }

    void beginAttempt() {
        attempts++;
        if (startMillis == 0) {
            startMillis = System.currentTimeMillis();
            startNanos = System.nanoTime();
            attemptStartNanos = startNanos;
        } else {
            attemptStartNanos = System.nanoTime();
        }
        underWay = true;
        attempt = null;
        abortReason = null;
    }

    /** Whether this process has begun an attempt. */
    boolean isBegun() {
        return startMillis != 0;
    }

    /** Branches with a lower number go first. It is higher than 0 if it was refused even when it was sent again at once. */
    int precedence() {
        return refusals > 1 ? refusals : 0;
    }

    /** How long the attempt has been running. */
    Duration attemptTime() {
        return Duration.ofNanos(System.nanoTime() - attemptStartNanos);
    }

    void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /**
     * Ends an attempt.
     *
     * @param cancelled whether there are no further attempts, because the run is cancelled
     * @return the branch's outcome; {@code null} if it gets another attempt
     */
    @CheckForNull
    Outcome end(AttemptResult result, RetryPolicy policy, boolean cancelled) {
        if (!(result instanceof AttemptResult.Failed failed)) {
            // also if it was aborted at the same moment: the work is done
            return outcome(OutcomeStatus.SUCCEEDED, null, result.details());
        }
        if (!failed.retry().counted()) {
            attempts--;
            refusals += failed.retry().refused() ? 1 : 0;
        }
        BranchError aborted = abortReason;
        if (aborted != null && aborted.type() == ErrorType.CANCELLED) {
            return outcome(OutcomeStatus.CANCELLED, aborted, failed.details());
        }
        boolean sensible = aborted != null || failed.retry().sensible();
        if (sensible && policy.allowsAnother(attempts) && !cancelled) {
            return null;
        }
        return outcome(OutcomeStatus.FAILED, aborted == null ? failed.error() : aborted, failed.details());
    }

    /** Stores an attempt that is followed by another one. */
    void endAttempt(AttemptResult.Failed failed) {
        if (tries == null) {
            tries = new AttemptTimes();
        }
        BranchError error = abortReason == null ? failed.error() : abortReason;
        addTry(System.nanoTime(), error, failed.details());
        underWay = false;
    }

    Outcome outcome(OutcomeStatus status, @CheckForNull BranchError error, Map<String, Object> details) {
        if (startMillis == 0) {
            // Not begun in this process, but perhaps in another one.
            long now = System.currentTimeMillis();
            return new Outcome(branch.index(), branch.name(), status, error, attempts, now, 0, details);
        }
        long now = System.nanoTime();
        long millis = (now - startNanos) / 1_000_000;
        if (tries != null) {
            if (underWay) { // else it was cancelled while it waited for its next attempt
                addTry(now, error, details);
            }
            details = new LinkedHashMap<>(details);
            details.put(OutcomeDetail.TRIES, tries.toJson());
        }
        int counted = refusals > 0 ? Math.max(1, attempts) : attempts; // it was begun
        return new Outcome(branch.index(), branch.name(), status, error, counted, startMillis, millis, details);
    }

    private void addTry(long endNanos, @CheckForNull BranchError error, Map<String, Object> details) {
        ErrorType type = error == null ? null : error.type();
        tries.add(attemptStartNanos - startNanos, endNanos - attemptStartNanos, type, details);
    }

    /**
     * The times of the attempts of one branch. If there are very many, only the last ones are kept. Not thread-safe.
     */
    private static final class AttemptTimes {

        static final int MAX = 50;

        private final Deque<Map<String, Object>> tries = new ArrayDeque<>();

        /**
         * Adds an attempt.
         *
         * @param startNanos its start, after the branch's
         * @param nanos how long it took
         * @param details may contain its worker
         */
        void add(long startNanos, long nanos, @CheckForNull ErrorType error, Map<String, Object> details) {
            Map<String, Object> attempt = new LinkedHashMap<>();
            attempt.put(OutcomeDetail.TRY_START, startNanos / 1_000_000);
            attempt.put(OutcomeDetail.TRY_MILLIS, nanos / 1_000_000);
            if (error != null) {
                attempt.put(OutcomeDetail.TRY_ERROR, error.text());
            }
            if (details.containsKey(OutcomeDetail.WORKER)) {
                attempt.put(OutcomeDetail.WORKER, details.get(OutcomeDetail.WORKER));
            }
            if (tries.size() == MAX) {
                tries.remove();
            }
            tries.add(attempt);
        }

        /** The attempts in their order, in the form of {@link OutcomeDetail#TRIES}. */
        List<Object> toJson() {
            return new ArrayList<>(tries);
        }
    }
}
