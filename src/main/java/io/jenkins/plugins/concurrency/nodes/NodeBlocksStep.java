package io.jenkins.plugins.concurrency.nodes;

import groovy.lang.Closure;
import hudson.Extension;
import hudson.model.Run;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.cps.steps.ParallelStep;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Runs a step and, beside it, the {@link NodeBlocks} that get its nodes. When all have ended, it ends with the result
 * of that step. Steps with a {@code label} call this themselves.
 */
public final class NodeBlocksStep extends Step {

    public static final String FUNCTION = "nodeBlocks";

    /** An argument: the {@link NodeBlocks}. */
    public static final String BLOCKS = "blocks";

    /** An argument: a closure that calls the step. */
    public static final String WORK = "work";

    private final NodeBlocks blocks;
    private final Closure<?> work;

    private NodeBlocksStep(NodeBlocks blocks, Closure<?> work) {
        this.blocks = blocks;
        this.work = work;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, blocks, work);
    }

    private static final class Execution extends BodiesExecution {

        private static final long serialVersionUID = 1;

        private static final int WORK_BODY = 0;

        private final NodeBlocks blocks;

        /** Calls the step; {@code null} after that. */
        private Closure<?> work;

        // Only for the CPS thread.
        private int live;
        private Object result;
        private Throwable failure;

        Execution(StepContext context, NodeBlocks blocks, Closure<?> work) {
            super(context);
            this.blocks = blocks;
            this.work = work;
        }

        @Override
        public boolean start() throws Exception {
            register();
            live = 1 + blocks.all().size();
            startBody(WORK_BODY, work);
            for (NodeBlock block : blocks.all()) {
                startBody(1, block.closure());
            }
            work = null;
            return false;
        }

        private void register() throws IOException, InterruptedException {
            NodeQueue.add(
                    getContext().get(Run.class), getContext().get(FlowNode.class).getId(), blocks);
        }

        @Override
        public void onResume() {
            try {
                register();
            } catch (IOException | InterruptedException e) {
                getContext().onFailure(e);
            }
        }

        /** Called only when the work is over. Before that, the work is what Pipeline stops. */
        @Override
        public void stop(Throwable cause) {
            blocks.end();
        }

        /** If a block fails, it was interrupted before it could ask for a node. The work was interrupted too. */
        @Override
        protected void bodyEnded(int number, Object returned, Throwable thrown) {
            if (number == WORK_BODY) {
                result = returned;
                failure = thrown;
                blocks.workEnded();
            }
            live--;
            if (live == 0) {
                NodeQueue.remove(blocks);
                end(result, failure);
            }
        }
    }

    /** A kind of {@code parallel}, as for {@code gather}. */
    @Extension
    public static final class DescriptorImpl extends ParallelStep.DescriptorImpl {

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getDisplayName() {
            return Messages.NodeBlocksStep_DisplayName();
        }

        @Override
        public Set<Class<?>> getRequiredContext() {
            return Set.of(Run.class);
        }

        @Override
        public boolean isAdvanced() {
            return true;
        }

        /** So graph views know that its bodies are blocks, not steps. */
        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public Step newInstance(Map<String, Object> arguments) {
            if (arguments.get(BLOCKS) instanceof NodeBlocks blocks && arguments.get(WORK) instanceof Closure<?> work) {
                return new NodeBlocksStep(blocks, work);
            }
            throw new IllegalArgumentException(FUNCTION + " is for steps with a label, which call it themselves");
        }
    }
}
