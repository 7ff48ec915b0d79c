package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** <code>warnError('why') { ... }</code> marks the build as UNSTABLE and goes on. */
public final class WarnErrorStep extends Step {

    private final String message;
    private boolean catchInterruptions = true;

    @DataBoundConstructor
    public WarnErrorStep(String message) {
        this.message = message;
    }

    @DataBoundSetter
    public void setCatchInterruptions(boolean catchInterruptions) {
        this.catchInterruptions = catchInterruptions;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new CatchExecution(context, message, Result.UNSTABLE, Result.UNSTABLE, catchInterruptions);
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("warnError", FlowNode.class, Run.class, TaskListener.class);
        }
    }
}
