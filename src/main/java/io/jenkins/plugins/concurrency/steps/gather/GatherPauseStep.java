package io.jenkins.plugins.concurrency.steps.gather;

import hudson.Extension;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Waits until {@link GatherWorker}, which calls this itself, has something to do again. Uses no thread. */
public final class GatherPauseStep extends Step {

    /** The step's function name. */
    static final String FUNCTION = "gatherPause";

    /** The name of the argument, a worker. */
    static final String WORKER = "worker";

    private GatherPauseStep() {}

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context);
    }

    /** The worker ends it, or it is stopped. */
    private static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1;

        Execution(StepContext context) {
            super(context);
        }

        @Override
        public boolean start() {
            return false;
        }
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getDisplayName() {
            return Messages.GatherPauseStep_DisplayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }

        @Override
        public boolean isAdvanced() {
            return true;
        }

        @Override
        public Step newInstance(Map<String, Object> arguments) {
            if (arguments.get(WORKER) instanceof GatherWorker) {
                return new GatherPauseStep();
            }
            throw new IllegalArgumentException(FUNCTION + " is for gather, which calls it itself");
        }
    }
}
