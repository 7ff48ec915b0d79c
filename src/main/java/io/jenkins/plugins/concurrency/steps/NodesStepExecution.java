package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import groovy.lang.Closure;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.nodes.NodeBlocks;
import io.jenkins.plugins.concurrency.nodes.NodeBlocksStep;
import io.jenkins.plugins.concurrency.nodes.StepCall;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsStepContext;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step with a {@code label}: does its work as a {@link SharedWorkStep} beside the {@code node} blocks that give it its
 * nodes. In a body, since a step that is called without a block may have only one, and no others beside it.
 */
final class NodesStepExecution extends StepExecution {

    private static final long serialVersionUID = 1;

    /** What to do, until start() has handed it on. */
    private transient RunPlan plan;

    private BodyExecution body;

    NodesStepExecution(@NonNull StepContext context, @NonNull RunPlan plan) {
        super(context);
        this.plan = plan;
    }

    @Override
    public boolean start() throws Exception {
        CpsStepContext context = (CpsStepContext) getContext();
        Run<?, ?> build = context.get(Run.class);
        DSL steps = new DSL(((FlowExecutionOwner.Executable) build).asFlowExecutionOwner());
        int count = Math.min(plan.nodes().nodes(), plan.branches().size());
        NodeBlocks nodes = new NodeBlocks(steps, plan.nodes().label(), count);
        Closure<?> work = new StepCall(
                        steps,
                        SharedWorkStep.DescriptorImpl.FUNCTION,
                        Map.of(SharedWorkStep.TASK, new SharedWorkStep.Task(plan), SharedWorkStep.NODES, nodes))
                .closure();
        Closure<?> all = new StepCall(
                        steps,
                        NodeBlocksStep.FUNCTION,
                        Map.of(NodeBlocksStep.BLOCKS, nodes, NodeBlocksStep.WORK, work))
                .closure();
        plan = null;
        ForcedEnds.get().add(this, build, nodes::killed);
        body = context.newBodyInvoker(CpsThread.current().getGroup().export(all), true)
                .withCallback(BodyExecutionCallback.wrap(context))
                .start();
        return false;
    }

    @Override
    public void stop(Throwable cause) {
        body.cancel(cause);
    }
}
