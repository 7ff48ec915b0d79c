package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.Util;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** <code>catchError { ... }</code> marks the build, as FAILURE unless told otherwise, and goes on. */
public final class CatchErrorStep extends Step {

    private String message;
    private Result buildResult = Result.FAILURE;
    private Result stageResult = Result.SUCCESS;
    private boolean catchInterruptions = true;

    @DataBoundConstructor
    public CatchErrorStep() {}

    @DataBoundSetter
    public void setMessage(String message) {
        this.message = message;
    }

    /** @param buildResult SUCCESS or null to leave the build's result alone */
    @DataBoundSetter
    public void setBuildResult(Result buildResult) {
        this.buildResult = Util.fixNull(buildResult, Result.SUCCESS);
    }

    @DataBoundSetter
    public void setStageResult(Result stageResult) {
        this.stageResult = Util.fixNull(stageResult, Result.SUCCESS);
    }

    @DataBoundSetter
    public void setCatchInterruptions(boolean catchInterruptions) {
        this.catchInterruptions = catchInterruptions;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new CatchExecution(context, message, buildResult, stageResult, catchInterruptions);
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("catchError", FlowNode.class, Run.class, TaskListener.class);
        }
    }
}
