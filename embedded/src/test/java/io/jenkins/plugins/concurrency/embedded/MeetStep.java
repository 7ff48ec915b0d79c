package io.jenkins.plugins.concurrency.embedded;

import hudson.Extension;
import hudson.model.Run;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code meet 'where'} ends when it is called a second time with the same place. */
public final class MeetStep extends Step {

    private static final Map<String, StepContext> WAITING = new ConcurrentHashMap<>();

    private final String place;

    @DataBoundConstructor
    public MeetStep(String place) {
        this.place = place;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        String key = context.get(Run.class).getRootDir() + " " + place;
        return new StepExecution(context) {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean start() {
                StepContext other = WAITING.remove(key);
                if (other == null) {
                    WAITING.put(key, getContext());
                } else {
                    other.onSuccess(null);
                    getContext().onSuccess(null);
                }
                return false;
            }
        };
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "meet";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }
}
