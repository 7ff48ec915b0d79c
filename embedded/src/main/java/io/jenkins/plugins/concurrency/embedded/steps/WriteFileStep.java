package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.AbortException;
import hudson.Extension;
import hudson.FilePath;
import java.io.OutputStream;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code writeFile file: 'path', text: '...'} replaces a file, whose directories are made if need be. */
public final class WriteFileStep extends Step {

    private final String file;
    private final String text;
    private String encoding;

    @DataBoundConstructor
    public WriteFileStep(String file, String text) {
        this.file = file;
        this.text = text;
    }

    @DataBoundSetter
    public void setEncoding(String encoding) {
        this.encoding = encoding;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        if (file == null || text == null) {
            throw new AbortException("writeFile: parameter '" + (file == null ? "file" : "text") + "' is missing");
        }
        return Work.inBackground(context, c -> {
            byte[] bytes = TextEncoding.named(encoding).encode(text);
            try (OutputStream out = c.get(FilePath.class).child(file).write()) {
                out.write(bytes);
            }
            return null;
        });
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Atom {
        public DescriptorImpl() {
            super("writeFile", FilePath.class);
        }
    }
}
