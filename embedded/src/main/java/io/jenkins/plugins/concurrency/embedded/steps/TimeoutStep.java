package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.Util;
import hudson.model.Result;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.model.CauseOfInterruption;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** <code>timeout(5) { ... }</code> stops its body when the time is up, in minutes unless {@code unit} says otherwise. */
public final class TimeoutStep extends Step {

    private final long time;
    private TimeUnit unit = TimeUnit.MINUTES;

    @DataBoundConstructor
    public TimeoutStep(long time) {
        this.time = time;
    }

    @DataBoundSetter
    public void setUnit(TimeUnit unit) {
        this.unit = unit;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, unit.toMillis(time));
    }

    private static final class Execution extends AbstractStepExecutionImpl {
        private static final long serialVersionUID = 1L;
        private final long millis;
        private transient Future<?> killer;
        private transient BodyExecution body;

        Execution(StepContext context, long millis) {
            super(context);
            this.millis = millis;
        }

        @Override
        public boolean start() throws Exception {
            TaskListener listener = getContext().get(TaskListener.class);
            listener.getLogger().println("Timeout set to expire in " + Util.getTimeSpanString(millis));
            body = getContext()
                    .newBodyInvoker()
                    .withCallback(new BodyExecutionCallback.TailCall() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected void finished(StepContext context) {
                            killer.cancel(false);
                        }
                    })
                    .start();
            killer = Timer.get().schedule(this::expire, millis, TimeUnit.MILLISECONDS);
            return false;
        }

        private Void expire() throws IOException, InterruptedException {
            getContext().get(TaskListener.class).getLogger().println("Cancelling nested steps due to timeout");
            body.cancel(new FlowInterruptedException(Result.ABORTED, new ExceededTimeout()));
            return null;
        }
    }

    /** The time was up. */
    public static final class ExceededTimeout extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Timeout has been exceeded";
        }
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("timeout", TaskListener.class);
        }
    }
}
