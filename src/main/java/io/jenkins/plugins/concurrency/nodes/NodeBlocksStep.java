package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import hudson.Extension;
import hudson.model.Run;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.cps.CpsStepContext;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.cps.steps.ParallelStep;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Runs a step beside the {@link NodeBlocks} that give it its nodes, and ends as that step does when all of them have
 * ended. Steps with a {@code label} call this themselves.
 */
public final class NodeBlocksStep extends Step {

    /** The name under which it is called. */
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

    private static final class Execution extends StepExecution {

        private static final long serialVersionUID = 1;

        private final NodeBlocks blocks;

        /** What does the work, until it has been started. */
        private Closure<?> work;

        // For the CPS thread.
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
            startBody(work, new WorkEnd(this));
            blocks.all().forEach(block -> startBody(block.closure(), new BlockEnd(this)));
            work = null;
            return false;
        }

        private void register() throws IOException, InterruptedException {
            NodeQueue.add(
                    getContext().get(Run.class), getContext().get(FlowNode.class).getId(), blocks);
        }

        private void startBody(Closure<?> body, BodyExecutionCallback callback) {
            CpsStepContext context = (CpsStepContext) getContext();
            context.newBodyInvoker(CpsThread.current().getGroup().export(body), true)
                    .withCallback(callback)
                    .start();
        }

        @Override
        public void onResume() {
            try {
                register();
            } catch (IOException | InterruptedException e) {
                getContext().onFailure(e);
            }
        }

        /** The work is over, or this would not be what is stopped. */
        @Override
        public void stop(Throwable cause) {
            blocks.end();
        }

        private void workEnded(Object returned, Throwable thrown) {
            result = returned;
            failure = thrown;
            blocks.workEnded();
            ended();
        }

        private void ended() {
            live--;
            if (live > 0) {
                return;
            }
            NodeQueue.remove(blocks);
            if (failure == null) {
                getContext().onSuccess(result);
            } else {
                getContext().onFailure(failure);
            }
        }
    }

    /** Hears that the work is over. */
    private static final class WorkEnd extends BodyExecutionCallback {
        private static final long serialVersionUID = 1;

        private final Execution step;

        WorkEnd(Execution step) {
            this.step = step;
        }

        @Override
        public void onSuccess(StepContext context, Object result) {
            step.workEnded(result, null);
        }

        @Override
        public void onFailure(StepContext context, Throwable thrown) {
            step.workEnded(null, thrown);
        }
    }

    /** Hears that a block has ended. */
    private static final class BlockEnd extends BodyExecutionCallback {
        private static final long serialVersionUID = 1;

        private final Execution step;

        BlockEnd(Execution step) {
            this.step = step;
        }

        @Override
        public void onSuccess(StepContext context, Object result) {
            step.ended();
        }

        /** Interrupted before it could ask for a node; the work is interrupted with it. */
        @Override
        public void onFailure(StepContext context, Throwable thrown) {
            step.ended();
        }
    }

    /** Registers the step; as for {@code gather}, a kind of {@code parallel}. */
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

        /** So that graph views take its bodies for what they are: blocks, and no steps. */
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
