package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.slaves.WorkspaceList;
import io.jenkins.plugins.concurrency.embedded.process.ShellScript;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code sh 'commands'} runs a shell script, {@code -xe} unless its first line names another interpreter. */
public final class ShStep extends Step {

    private final String script;
    private boolean returnStdout;
    private boolean returnStatus;
    private String encoding;
    private String label;

    @DataBoundConstructor
    public ShStep(String script) {
        this.script = script;
    }

    @DataBoundSetter
    public void setReturnStdout(boolean returnStdout) {
        this.returnStdout = returnStdout;
    }

    @DataBoundSetter
    public void setReturnStatus(boolean returnStatus) {
        this.returnStatus = returnStatus;
    }

    @DataBoundSetter
    public void setEncoding(String encoding) {
        this.encoding = Util.fixEmptyAndTrim(encoding);
    }

    @DataBoundSetter
    public void setLabel(String label) {
        this.label = label;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        if (script == null) {
            throw new AbortException("sh: parameter 'script' is missing");
        } else if (returnStdout && returnStatus) {
            throw new AbortException("sh: returnStdout and returnStatus cannot both be true");
        }
        return new Execution(context, this);
    }

    private Charset charset() throws AbortException {
        try {
            return encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new AbortException("sh: no such encoding: " + encoding);
        }
    }

    private static final class Execution extends AbstractStepExecutionImpl {
        private static final long serialVersionUID = 1L;
        private final transient ShStep step;
        private transient ShellScript script;
        /** Completes with the cause once everything is gone; null unless the step was stopped. */
        private transient volatile CompletableFuture<Throwable> stopped;

        Execution(StepContext context, ShStep step) {
            super(context);
            this.step = step;
        }

        @Override
        public boolean start() throws Exception {
            FilePath directory = getContext().get(FilePath.class);
            EnvVars environment = new EnvVars(System.getenv());
            environment.overrideAll(getContext().get(EnvVars.class));
            script = ShellScript.start(
                    step.script,
                    new File(directory.getRemote()),
                    new File(WorkspaceList.tempDir(directory).getRemote()),
                    environment,
                    step.returnStdout,
                    step.charset(),
                    getContext().get(TaskListener.class).getLogger());
            script.end().whenComplete(this::ended);
            return false;
        }

        private void ended(ShellScript.End end, Throwable defect) {
            if (defect != null) {
                getContext().onFailure(defect instanceof CompletionException ? defect.getCause() : defect);
            } else if (stopped != null) {
                stopped.thenAccept(getContext()::onFailure);
            } else if (step.returnStatus) {
                getContext().onSuccess(end.status());
            } else if (end.status() != 0) {
                getContext().onFailure(new AbortException("script returned exit code " + end.status()));
            } else {
                getContext().onSuccess(end.output());
            }
        }

        /** The step ends when the script and all that it started have. */
        @Override
        public void stop(Throwable cause) throws IOException, InterruptedException {
            if (stopped != null) {
                return;
            }
            stopped = new CompletableFuture<>();
            getContext().get(TaskListener.class).getLogger().println("Sending interrupt signal to process");
            Computer.threadPoolForRemoting.execute(() -> {
                try {
                    script.kill();
                } catch (InterruptedException e) {
                    cause.addSuppressed(e);
                } finally {
                    stopped.complete(cause);
                }
            });
        }
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Atom {
        public DescriptorImpl() {
            super("sh", FilePath.class, EnvVars.class, Launcher.class, TaskListener.class);
        }
    }
}
