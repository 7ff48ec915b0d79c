package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.Launcher;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code isUnix()} tells whether {@code sh} works here. */
public final class IsUnixStep extends Step {

    @DataBoundConstructor
    public IsUnixStep() {}

    @Override
    public StepExecution start(StepContext context) {
        return Work.now(context, c -> c.get(Launcher.class).isUnix());
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Atom {
        public DescriptorImpl() {
            super("isUnix", Launcher.class);
        }
    }
}
