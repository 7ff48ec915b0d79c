package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.Extension;
import hudson.FilePath;
import hudson.slaves.WorkspaceList;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code pwd()} returns the directory it is called in; {@code pwd(tmp: true)} one beside it for what is temporary. */
public final class PwdStep extends Step {

    private boolean tmp;

    @DataBoundConstructor
    public PwdStep() {}

    @DataBoundSetter
    public void setTmp(boolean tmp) {
        this.tmp = tmp;
    }

    @Override
    public StepExecution start(StepContext context) {
        return Work.now(context, c -> {
            FilePath directory = c.get(FilePath.class);
            return tmp ? WorkspaceList.tempDir(directory).getRemote() : directory.getRemote();
        });
    }

    @Extension
    public static final class DescriptorImpl extends Signature.Atom {
        public DescriptorImpl() {
            super("pwd", FilePath.class);
        }
    }
}
