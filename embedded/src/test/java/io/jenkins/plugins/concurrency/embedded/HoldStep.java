package io.jenkins.plugins.concurrency.embedded;

import hudson.Extension;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code hold()} ends only when it is stopped, or when the test ends it. */
public final class HoldStep extends Step {

    /** The contexts of those that have begun, for tests to wait for. */
    static final BlockingQueue<StepContext> HELD = new LinkedBlockingQueue<>();

    @DataBoundConstructor
    public HoldStep() {}

    @Override
    public StepExecution start(StepContext context) {
        return new StepExecution(context) {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean start() {
                HELD.add(getContext());
                return false;
            }
        };
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "hold";
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }
    }
}
