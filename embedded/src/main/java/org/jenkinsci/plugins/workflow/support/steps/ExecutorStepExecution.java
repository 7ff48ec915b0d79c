package org.jenkinsci.plugins.workflow.support.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Queue;
import hudson.model.Run;
import java.io.IOException;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A {@code node} block; what it does here is in the embedded runtime's own class. */
public class ExecutorStepExecution extends AbstractStepExecutionImpl {

    private static final long serialVersionUID = 1L;

    ExecutorStepExecution(StepContext context) {
        super(context);
    }

    @Override
    public boolean start() throws Exception {
        throw new UnsupportedOperationException();
    }

    /** Somebody has taken the task out of the queue; does not happen here. */
    public static final class QueueTaskCancelled extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Queue task was cancelled";
        }
    }

    /** What waits in the queue for a block. */
    public static final class PlaceholderTask implements Queue.Task {

        private final StepContext context;

        /** For the embedded runtime only. */
        public PlaceholderTask(StepContext context) {
            this.context = context;
        }

        public @CheckForNull FlowNode getNode() throws IOException, InterruptedException {
            return context.get(FlowNode.class);
        }

        @Override
        public @CheckForNull Queue.Executable getOwnerExecutable() {
            try {
                return context.get(Run.class) instanceof Queue.Executable executable ? executable : null;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String getDisplayName() {
            return "node";
        }

        @Override
        public String getFullDisplayName() {
            return getDisplayName();
        }
    }
}
