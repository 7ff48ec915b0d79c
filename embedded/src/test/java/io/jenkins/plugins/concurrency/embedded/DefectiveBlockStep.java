package io.jenkins.plugins.concurrency.embedded;

import hudson.Extension;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** A block step whose callback has a defect. */
public final class DefectiveBlockStep extends Step {

    @DataBoundConstructor
    public DefectiveBlockStep() {}

    @Override
    public StepExecution start(StepContext context) {
        return new StepExecution(context) {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean start() {
                getContext().newBodyInvoker().withCallback(new Defect()).start();
                return false;
            }
        };
    }

    private static final class Defect extends BodyExecutionCallback {
        private static final long serialVersionUID = 1L;

        @Override
        public void onSuccess(StepContext context, Object result) {
            throw new IllegalStateException("callback");
        }

        @Override
        public void onFailure(StepContext context, Throwable t) {
            context.onFailure(t);
        }
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "defectiveBlock";
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }
}
