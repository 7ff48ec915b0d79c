package io.jenkins.plugins.concurrency.nodes;

import hudson.Extension;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Keeps a node for a node run until the run releases it. {@link NodeBlock} calls this step. It needs no thread. */
public final class NodeAssignmentStep extends Step {

    private final NodeBlock block;

    private NodeAssignmentStep(NodeBlock block) {
        this.block = block;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, block);
    }

    /** Its result says whether the block is to ask for another node. */
    static final class Execution extends StepExecution {

        private static final long serialVersionUID = 1;

        private final NodeBlock block;

        Execution(StepContext context, NodeBlock block) {
            super(context);
            this.block = block;
        }

        @Override
        public boolean start() {
            if (!block.begin(this)) {
                getContext().onSuccess(false);
                return true;
            }
            // Only after Pipeline has saved this step. Otherwise a controller that was killed would begin the node run
            // a second time.
            getContext().saveState().addListener(block::reportStart, Runnable::run);
            return false;
        }

        /** Called when the node is available again. */
        @Override
        public void onResume() {
            block.reportStart();
        }

        /** Called when somebody wants the executor back, or the whole step is stopped. */
        @Override
        public void stop(Throwable cause) {
            if (!block.letRunDecide()) {
                getContext().onFailure(cause);
            }
        }
    }

    /** Registers the step. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return NodeBlock.ASSIGNMENT;
        }

        @Override
        public String getDisplayName() {
            return Messages.NodeAssignmentStep_DisplayName();
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
            if (arguments.get(NodeBlock.BLOCK) instanceof NodeBlock block) {
                return new NodeAssignmentStep(block);
            }
            throw new IllegalArgumentException(NodeBlock.ASSIGNMENT + " is for steps with a label, which call it themselves");
        }
    }
}
