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

    /** The error if the work needs a machine and the step is called outside {@code node}. */
    public static final String NEEDS_NODE = "needs a workspace; call the step inside 'node', or give 'label', which gets nodes";

    /** The error if a parameter names a file and the step is called outside {@code node}. */
    public static final String NEEDS_WORKSPACE = "needs a workspace; call the step inside 'node'";

    /** The error if a list is in a file and the step is called with a label outside {@code node}. */
    public static final String NEEDS_STASH = NEEDS_WORKSPACE + ", or give 'stash' with the file";

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

    /**
     * The label of the nodes that do the work, an expression as in {@code node}; {@code null} if the work is done where
     * the step is called.
     */
    @CheckForNull
    public String getLabel() {
        return label;
    }

    @DataBoundSetter
    public void setLabel(@CheckForNull String label) {
        this.label = Util.fixEmptyAndTrim(label);
    }

    /** The largest number of nodes with {@link #getLabel()}. */
    @AllowedValues(least = 1)
    public int getNodes() {
        return nodes;
    }

    @DataBoundSetter
    public void setNodes(int nodes) {
        this.nodes = nodes;
    }

    /** The stash that each of the nodes unpacks first. Outside {@code node}, a list of inputs or URLs is read from it too. */
    @CheckForNull
    public String getStash() {
        return stash;
    }

    @DataBoundSetter
    public void setStash(@CheckForNull String stash) {
        this.stash = Util.fixEmptyAndTrim(stash);
    }

    /** The files that are copied back from the nodes: a pattern of paths. */
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
     * Checks the arguments, and returns what the step has to do.
     *
     * @param capped limits the settings to what the administrator allows
     * @throws WrongArgumentException if an argument is invalid
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
        RunPlan plan = plan(context, capped).hiding(secrets);
        StepLog.logLimits(context, plan.label(), capped);
        return plan.nodes() != null && plan.branches().size() != 0
                ? onNodes(context, plan, earlier)
                : new RunStepExecution(context, plan, null, earlier);
    }

    /** Does the work as a {@link DistributedWorkStep}. The {@code node} blocks that get its nodes run beside it. */
    private static StepExecution onNodes(StepContext context, RunPlan plan, @CheckForNull EarlierBuild earlier)
            throws IOException, InterruptedException {
        int branches = plan.branches().size();
        int count = branches < 0 ? plan.nodes().nodes() : Math.min(plan.nodes().nodes(), branches);
        NodeBlocks nodes = new NodeBlocks(StepCall.steps(context), plan.nodes().label(), count);
        Closure<?> work = StepCall.closure(
                context,
                DistributedWorkStep.DescriptorImpl.FUNCTION,
                Map.of(
                        DistributedWorkStep.NAME, plan.label().text(),
                        DistributedWorkStep.TASK, new DistributedWorkStep.Task(plan, earlier),
                        DistributedWorkStep.NODES, nodes));
        Map<String, Object> arguments = Map.of(NodeBlocksStep.BLOCKS, nodes, NodeBlocksStep.WORK, work);
        CallsExecution calls = new CallsExecution(context, StepCall.closure(context, NodeBlocksStep.FUNCTION, arguments));
        ForcedEndDetector.get().add(calls, context.get(Run.class), nodes::killed);
        return calls;
    }
}
