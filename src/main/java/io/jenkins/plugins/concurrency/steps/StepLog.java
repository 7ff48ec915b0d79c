package io.jenkins.plugins.concurrency.steps;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Writes a step's lines to the build's log. */
public final class StepLog {

    private static final Logger LOGGER = Logger.getLogger(StepLog.class.getName());

    private StepLog() {}

    /**
     * The step's own part of the build's log. If that can't be opened, the log of the whole build. Pipeline saves its
     * program, and a moment later the state of its graph. If the controller was killed between the two, a step that had
     * started continues, but its part of the log counts as ended.
     *
     * @throws IOException if there is no log at all
     */
    public static TaskListener of(StepContext context) throws IOException, InterruptedException {
        try {
            return context.get(TaskListener.class);
        } catch (IOException e) {
            Run<?, ?> build = context.get(Run.class);
            LOGGER.log(Level.FINE, e, () -> "a step of " + build + " writes to the log as a whole");
            return ((FlowExecutionOwner.Executable) build).asFlowExecutionOwner().getListener();
        }
    }

    /** Writes one line to the log about the values that were reduced, if there are any. */
    public static void logLimits(StepContext context, StepLabel label, LimitEnforcer capped)
            throws IOException, InterruptedException {
        if (capped.line() != null) {
            of(context).getLogger().println(label.text() + ": " + capped.line());
        }
    }
}
