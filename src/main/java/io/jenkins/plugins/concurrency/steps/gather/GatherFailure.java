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

    /** The cause with which Pipeline's {@code timeout} interrupts; its class is of a plugin that need not be there. */
    private static final String TIMEOUT_STEP = "ExceededTimeout";

    private final Throwable thrown;
    private final List<CauseOfInterruption> causes;

    GatherFailure(Throwable thrown) {
        this.thrown = thrown;
        this.causes = thrown instanceof FlowInterruptedException interruption ? interruption.getCauses() : List.of();
    }

    /** Whether it means that something was stopped. */
    boolean isInterruption() {
        return thrown instanceof FlowInterruptedException;
    }

    /** Whether another attempt makes sense: not where somebody stopped it. */
    boolean mayBeRepeated() {
        return isAttemptTimeout()
                || !(thrown instanceof FlowInterruptedException interruption && interruption.isActualInterruption());
    }

    private boolean isAttemptTimeout() {
        return causes.stream().anyMatch(TimeoutCause.class::isInstance);
    }

    /** The error as results have it. */
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
            // An exception class of the script itself: its methods can't be called from here.
            return thrown.getClass().getName();
        }
    }

    /** Writes the stack trace of a defect; errors of users are in the one line of the failure. */
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
