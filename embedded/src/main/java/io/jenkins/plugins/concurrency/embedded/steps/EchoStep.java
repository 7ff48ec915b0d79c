package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.model.TaskListener;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code echo 'text'} writes to the log. */
public final class EchoStep extends Step {

    private final String message;

    @DataBoundConstructor
    public EchoStep(String message) {
        this.message = message;
    }

    @Override
    public StepExecution start(StepContext context) {
        return Work.now(context, c -> {
            c.get(TaskListener.class).getLogger().println(message);
            return null;
        });
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Atom {
        public DescriptorImpl() {
            super("echo", TaskListener.class);
        }
    }
}
