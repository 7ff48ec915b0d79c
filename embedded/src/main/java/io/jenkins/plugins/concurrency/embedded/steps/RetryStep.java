package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.embedded.EmbeddedRun;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** <code>retry(3) { ... }</code> runs its body again when it failed, this many times in all. */
public final class RetryStep extends Step {

    private final int count;

    @DataBoundConstructor
    public RetryStep(int count) {
        this.count = count;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, count);
    }

    private static final class Execution extends AbstractStepExecutionImpl {
        private static final long serialVersionUID = 1L;
        private int left;

        Execution(StepContext context, int count) {
            super(context);
            this.left = count;
        }

        @Override
        public boolean start() {
            invoke();
            return false;
        }

        private void invoke() {
            left--;
            getContext().newBodyInvoker().withCallback(new Again()).start();
        }

        private final class Again extends BodyExecutionCallback {
            private static final long serialVersionUID = 1L;

            @Override
            public void onSuccess(StepContext context, Object result) {
                context.onSuccess(result);
            }

            @Override
            public void onFailure(StepContext context, Throwable failure) {
                boolean stopped = failure instanceof FlowInterruptedException interruption
                        && interruption.isActualInterruption();
                if (left <= 0 || stopped) {
                    context.onFailure(failure);
                    return;
                }
                try {
                    ((EmbeddedRun) context.get(Run.class)).report(failure);
                    context.get(TaskListener.class).getLogger().println("Retrying");
                    invoke();
                } catch (IOException | InterruptedException e) {
                    context.onFailure(e);
                }
            }
        }
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("retry", TaskListener.class);
        }
    }
}
