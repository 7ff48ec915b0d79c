package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code readFile 'path'} returns a file's text. */
public final class ReadFileStep extends Step {

    private final String file;
    private String encoding;

    @DataBoundConstructor
    public ReadFileStep(String file) {
        this.file = file;
    }

    @DataBoundSetter
    public void setEncoding(String encoding) {
        this.encoding = encoding;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        if (file == null) {
            throw new AbortException("readFile: parameter 'file' is missing");
        }
        return Work.inBackground(context, c -> {
            try (InputStream in = c.get(FilePath.class).child(file).read()) {
                return TextEncoding.named(encoding).decode(in.readAllBytes());
            } catch (NoSuchFileException e) {
                throw new AbortException("readFile: no such file: " + e.getFile());
            }
        });
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Atom {
        public DescriptorImpl() {
            super("readFile", FilePath.class);
        }
    }
}
