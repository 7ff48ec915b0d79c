package io.jenkins.plugins.concurrency.engine.schedule;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** How an attempt ended. */
public sealed interface AttemptResult {

    /** What is known beyond success or failure, by the names in {@code OutcomeDetail}. */
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
     * @param retry whether and when another attempt makes sense
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
     * @param sensible false where another attempt would end the same way
     * @param notBefore how long to wait at least, as the peer asked; zero for no wish
     * @param counted false where nothing was begun, so that this is none of the branch's attempts
     */
    record Retry(boolean sensible, Duration notBefore, boolean counted) {
        public static final Retry NEVER = new Retry(false, Duration.ZERO, true);
        public static final Retry SENSIBLE = new Retry(true, Duration.ZERO, true);

        /** Sensible, but not before the peer is ready again. */
        public static Retry after(Duration notBefore) {
            return new Retry(true, notBefore, true);
        }
    }

    /** It was aborted, whatever its result was. The caller of the abort knows why. */
    static Failed aborted(Map<String, Object> details) {
        return new Failed(new BranchError(ErrorType.CANCELLED, "stopped"), Retry.NEVER, details);
    }

    /** A failure that another attempt may mend, without details. */
    static Failed failed(ErrorType type, String message) {
        return new Failed(new BranchError(type, message), Retry.SENSIBLE, Map.of());
    }

    /** A failure that another attempt would only repeat, without details. */
    static Failed permanentFailure(ErrorType type, String message) {
        return new Failed(new BranchError(type, message), Retry.NEVER, Map.of());
    }

    /**
     * The end of a branch that another process had begun and that must not be begun again. It has no more attempts than
     * that process began.
     */
    static Failed lost(String message) {
        return new Failed(new BranchError(ErrorType.LOST, message), new Retry(false, Duration.ZERO, false), Map.of());
    }

    /** The end of an attempt that threw something, which it should not. */
    static Failed unexpected(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return failed(ErrorType.ERROR, cause.toString());
    }
}
