package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.FilePath;
import hudson.model.TaskListener;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** <code>dir('path') { ... }</code> works in another directory, which is made when first needed. */
public final class DirStep extends Step {

    private final String path;

    @DataBoundConstructor
    public DirStep(String path) {
        this.path = path;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        FilePath directory = context.get(FilePath.class).child(path);
        context.get(TaskListener.class).getLogger().println("Running in " + directory);
        return new BodyStepExecution(context, null, directory);
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Block {
        public DescriptorImpl() {
            super("dir", FilePath.class, TaskListener.class);
        }
    }
}
