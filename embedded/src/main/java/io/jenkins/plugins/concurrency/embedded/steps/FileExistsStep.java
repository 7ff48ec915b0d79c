package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code fileExists 'path'} tells whether there is such a file or directory. */
public final class FileExistsStep extends Step {

    private final String file;

    @DataBoundConstructor
    public FileExistsStep(String file) {
        this.file = file;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        if (file == null) {
            throw new AbortException("fileExists: parameter 'file' is missing");
        }
        return Work.inBackground(context, c -> c.get(FilePath.class).child(file).exists());
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Atom {
        public DescriptorImpl() {
            super("fileExists", FilePath.class);
        }
    }
}
