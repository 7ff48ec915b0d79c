package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.util.Map;

/** A process could not be started, or was lost. One line for users. */
public final class HostException extends IOException {

    private static final long serialVersionUID = 1;

    private final ErrorType type;
    private final boolean sensibleToRetry;

    private HostException(ErrorType type, String message, boolean sensibleToRetry) {
        super(message);
        this.type = type;
        this.sensibleToRetry = sensibleToRetry;
    }

    /** The process did not start. Another attempt may succeed. */
    public static HostException notStarted(String message) {
        return new HostException(ErrorType.ERROR, message, true);
    }

    /** The process died, and not because of its work. Another attempt may succeed. */
    public static HostException crashed(String message) {
        return new HostException(ErrorType.CRASH, message, true);
    }

    /** It is not known how the process ended, and no other one can be started. */
    public static HostException lost(String message) {
        return new HostException(ErrorType.LOST, message, false);
    }

    /** The result of the attempt. */
    public AttemptResult.Failed result() {
        AttemptResult.Retry retry = sensibleToRetry ? AttemptResult.Retry.SENSIBLE : AttemptResult.Retry.NEVER;
        return new AttemptResult.Failed(new BranchError(type, getMessage()), retry, Map.of());
    }
}
