package io.jenkins.plugins.concurrency.engine.schedule;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** How an attempt ended. */
public sealed interface AttemptResult {

    /** What is known besides success or failure, with the names of {@code OutcomeDetail}. */
    Map<String, Object> details();

    /** The same end with other details. */
    AttemptResult with(Map<String, Object> newDetails);

    /** The work was done. */
    record Succeeded(Map<String, Object> details) implements AttemptResult {
        @Override
        public Succeeded with(Map<String, Object> newDetails) {
            return new Succeeded(newDetails);
        }
    }

    /**
     * The work was not done.
     *
     * @param retry whether and when to try again
     */
    record Failed(BranchError error, Retry retry, Map<String, Object> details) implements AttemptResult {
        @Override
        public Failed with(Map<String, Object> newDetails) {
            return new Failed(error, retry, newDetails);
        }
    }

    /**
     * Whether a failed attempt may be repeated.
     *
     * @param sensible false if another attempt would end in the same way
     * @param notBefore the shortest pause that the peer asks for; zero if it does not ask
     * @param counted false if it does not count as an attempt, because nothing was begun
     * @param refused whether the peer has not taken the work, as peers do that have too much of it
     */
    record Retry(boolean sensible, Duration notBefore, boolean counted, boolean refused) {
        public static final Retry NEVER = new Retry(false, Duration.ZERO, true, false);
        public static final Retry SENSIBLE = new Retry(true, Duration.ZERO, true, false);
        public static final Retry REFUSED = new Retry(true, Duration.ZERO, true, true);

        /** Another attempt makes sense, but only when the peer is ready again. */
        public static Retry after(Duration notBefore) {
            return new Retry(true, notBefore, true, false);
        }
    }

    /** The attempt was aborted, whatever its result was. The caller of the abort knows why. */
    static Failed aborted(Map<String, Object> details) {
        return new Failed(new BranchError(ErrorType.CANCELLED, "stopped"), Retry.NEVER, details);
    }

    /** A failure that may not happen again, without details. */
    static Failed failed(ErrorType type, String message) {
        return new Failed(new BranchError(type, message), Retry.SENSIBLE, Map.of());
    }

    /** A failure that would happen again, without details. */
    static Failed permanentFailure(ErrorType type, String message) {
        return new Failed(new BranchError(type, message), Retry.NEVER, Map.of());
    }

    /**
     * The end of a branch that another process had begun and that must not be begun again. Its attempts are those of
     * that process.
     */
    static Failed lost(String message) {
        return new Failed(new BranchError(ErrorType.LOST, message), new Retry(false, Duration.ZERO, false, false), Map.of());
    }

    /** The end of an attempt that threw an exception. This is a defect. */
    static Failed unexpected(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return failed(ErrorType.ERROR, cause.toString());
    }
}
