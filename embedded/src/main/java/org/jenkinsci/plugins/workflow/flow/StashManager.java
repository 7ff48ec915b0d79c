package org.jenkinsci.plugins.workflow.flow;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;

/** The stashes of builds; there is no {@code stash} here, so there are none. */
public class StashManager {

    private StashManager() {}

    public static void unstash(
            Run<?, ?> build,
            String name,
            FilePath workspace,
            Launcher launcher,
            EnvVars env,
            TaskListener listener)
            throws IOException, InterruptedException {
        throw new AbortException("No such saved stash ‘" + name + "’");
    }

    /** No artifact manager here is one. */
    public interface StashAwareArtifactManager {}
}
