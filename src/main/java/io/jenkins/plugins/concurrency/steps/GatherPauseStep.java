package io.jenkins.plugins.concurrency.steps;

import hudson.Extension;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** Waits before another attempt of a branch of {@code gather}, which calls this itself. Holds no thread. */
public final class GatherPauseStep extends Step {

    /** The name under which it is called. */
    static final String FUNCTION = "gatherPause";

    private final long until;

    /** @param until when the pause is over, milliseconds since the epoch */
    @DataBoundConstructor
    public GatherPauseStep(long until) {
        this.until = until;
    }

    public long getUntil() {
        return until;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, until);
    }

    private static final class Execution extends StepExecution {

        private static final long serialVersionUID = 1;

        private final long until;

        /** Ends the pause; started anew after a restart. */
        private transient volatile Future<?> alarm;

        Execution(StepContext context, long until) {
            super(context);
            this.until = until;
        }

        @Override
        public boolean start() {
            setAlarm();
            return false;
        }

        @Override
        public void onResume() {
            setAlarm();
        }

        private void setAlarm() {
            long left = Math.max(0, until - System.currentTimeMillis());
            alarm = Timer.get().schedule(() -> getContext().onSuccess(null), left, TimeUnit.MILLISECONDS);
        }

        @Override
        public void stop(Throwable cause) throws Exception {
            if (alarm != null) {
                alarm.cancel(false);
            }
            super.stop(cause);
        }
    }

    /** Registers the step. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getDisplayName() {
            return Messages.GatherPauseStep_DisplayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }

        @Override
        public boolean isAdvanced() {
            return true;
        }
    }
}
