package io.jenkins.plugins.concurrency.steps.gather;

import hudson.AbortException;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** What an attempt of a branch of a {@code gather} threw. */
final class GatherFailure {

    /** The class name of the cause with which Pipeline's {@code timeout} interrupts. Its plugin may be missing. */
    private static final String TIMEOUT_STEP = "ExceededTimeout";

    private final Throwable thrown;
    private final List<CauseOfInterruption> causes;

    GatherFailure(Throwable thrown) {
        this.thrown = thrown;
        this.causes = thrown instanceof FlowInterruptedException interruption ? interruption.getCauses() : List.of();
    }

    /** Whether the attempt was interrupted. */
    boolean isInterruption() {
        return thrown instanceof FlowInterruptedException;
    }

    /** Whether another attempt makes sense. It does not if somebody stopped the branch. */
    boolean mayBeRepeated() {
        return isAttemptTimeout()
                || !(thrown instanceof FlowInterruptedException interruption && interruption.isActualInterruption());
    }

    private boolean isAttemptTimeout() {
        return causes.stream().anyMatch(TimeoutCause.class::isInstance);
    }

    /** The error for the results. */
    BranchError error() {
        boolean timeout = isAttemptTimeout()
                || causes.stream().anyMatch(cause -> cause.getClass().getSimpleName().equals(TIMEOUT_STEP));
        return new BranchError(timeout ? ErrorType.TIMEOUT : ErrorType.ERROR, message());
    }

    private String message() {
        if (isInterruption()) {
            String why = causes.stream()
                    .map(CauseOfInterruption::getShortDescription)
                    .collect(Collectors.joining("; "));
            return why.isEmpty() ? "interrupted" : why;
        }
        try {
            String message = thrown instanceof AbortException ? thrown.getMessage() : thrown.toString();
            return message == null ? thrown.getClass().getName() : message;
        } catch (Throwable defect) {
            // The script may define the exception's class. Its methods can't be called from here.
            return thrown.getClass().getName();
        }
    }

    /** Writes the stack trace of a defect. For users' errors, the one line about the failure is enough. */
    void logDefect(PrintStream log, String heading) {
        if (isInterruption() || thrown instanceof AbortException) {
            return;
        }
        log.println(heading);
        try {
            thrown.printStackTrace(log);
        } catch (Throwable defect) {
            log.println(message());
        }
    }
}
