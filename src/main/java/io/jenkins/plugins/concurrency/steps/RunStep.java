package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.nodes.NodeBlocks;
import io.jenkins.plugins.concurrency.nodes.NodeBlocksStep;
import io.jenkins.plugins.concurrency.nodes.StepCall;
import io.jenkins.plugins.concurrency.steps.parameter.AllowedValues;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import io.jenkins.plugins.concurrency.steps.parameter.LimitEnforcer;
import io.jenkins.plugins.concurrency.steps.parameter.TimeoutParameter;
import io.jenkins.plugins.concurrency.steps.parameter.WrongArgumentException;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.io.IOException;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundSetter;

/** A step whose branches are a run of the engine, on the agent or in the controller. */
public abstract class RunStep extends BranchStep {

    /** What is wrong with a call outside {@code node} whose work needs a machine. */
    public static final String NEEDS_NODE = "needs a workspace; call the step inside 'node', or give 'label', which gets nodes";

    /** What is wrong with a call outside {@code node} whose parameter names a file. */
    public static final String NEEDS_WORKSPACE = "needs a workspace; call the step inside 'node'";

    @CheckForNull
    private String label;

    private int nodes = 1;

    @CheckForNull
    private String stash;

    @CheckForNull
    private String collect;

    @CheckForNull
    private Object resumeFrom;

    /** @param timeout the default limit of one attempt, in seconds */
    protected RunStep(double timeout) {
        super(timeout);
    }

    /** The nodes that do the work, an expression as {@code node} takes it; {@code null} for where the step is. */
    @CheckForNull
    public String getLabel() {
        return label;
    }

    @DataBoundSetter
    public void setLabel(@CheckForNull String label) {
        this.label = Util.fixEmptyAndTrim(label);
    }

    /** On how many nodes of {@link #getLabel()} at most. */
    @AllowedValues(least = 1)
    public int getNodes() {
        return nodes;
    }

    @DataBoundSetter
    public void setNodes(int nodes) {
        this.nodes = nodes;
    }

    /** The stash that is unpacked on each of {@link #getNodes()} first. */
    @CheckForNull
    public String getStash() {
        return stash;
    }

    @DataBoundSetter
    public void setStash(@CheckForNull String stash) {
        this.stash = Util.fixEmptyAndTrim(stash);
    }

    /** The files that are brought back from {@link #getNodes()}: a pattern of paths. */
    @CheckForNull
    public String getCollect() {
        return collect;
    }

    @DataBoundSetter
    public void setCollect(@CheckForNull String collect) {
        this.collect = Util.fixEmptyAndTrim(collect);
    }

    /**
     * The build whose results are reused: {@code lastBuild}, {@code lastCompleted} or a number; {@code null} for none.
     */
    @CheckForNull
    public Object getResumeFrom() {
        return resumeFrom;
    }

    @DataBoundSetter
    public void setResumeFrom(@CheckForNull Object resumeFrom) {
        this.resumeFrom = resumeFrom == null || resumeFrom.toString().isBlank() ? null : resumeFrom;
    }

    /**
     * What the step is to do, checked.
     *
     * @param capped holds it to the administrator's limits
     * @throws WrongArgumentException if the arguments make no sense
     */
    protected abstract RunPlan plan(StepContext context, LimitEnforcer capped) throws Exception;

    @Override
    TimeoutParameter timeLimit() throws WrongArgumentException {
        TimeoutParameter limit = TimeoutParameter.of(getTimeout());
        if (limit == null) {
            throw wrong("timeout", Arguments.describe(getTimeout()) + " is given; allowed is " + TimeoutParameter.ALLOWED);
        }
        if (limit.fixed().isNegative()) {
            throw wrong("timeout", getTimeout() + " is given; allowed is 0 or more");
        }
        return limit;
    }

    @Override
    protected StepExecution start(StepContext context, ContextSecrets secrets, LimitEnforcer capped) throws Exception {
        EarlierBuild earlier = resumeFrom == null ? null : EarlierBuild.of(this, resumeFrom);
        RunPlan plan = plan(context, capped).hiding(secrets).timed(context.get(Run.class));
        StepLog.logLimits(context, plan.label(), capped);
        return plan.nodes() != null && plan.branches().size() != 0
                ? onNodes(context, plan, earlier)
                : new RunStepExecution(context, plan, null, earlier);
    }

    /** Does the work as a {@link DistributedWorkStep} beside the {@code node} blocks that give it its nodes. */
    private static StepExecution onNodes(StepContext context, RunPlan plan, @CheckForNull EarlierBuild earlier)
            throws IOException, InterruptedException {
        int branches = plan.branches().size();
        int count = branches < 0 ? plan.nodes().nodes() : Math.min(plan.nodes().nodes(), branches);
        NodeBlocks nodes = new NodeBlocks(StepCall.steps(context), plan.nodes().label(), count);
        Closure<?> work = StepCall.closure(
                context,
                DistributedWorkStep.DescriptorImpl.FUNCTION,
                Map.of(DistributedWorkStep.TASK, new DistributedWorkStep.Task(plan, earlier), DistributedWorkStep.NODES, nodes));
        Map<String, Object> arguments = Map.of(NodeBlocksStep.BLOCKS, nodes, NodeBlocksStep.WORK, work);
        CallsExecution calls = new CallsExecution(context, StepCall.closure(context, NodeBlocksStep.FUNCTION, arguments));
        ForcedEndDetector.get().add(calls, context.get(Run.class), nodes::killed);
        return calls;
    }
}
