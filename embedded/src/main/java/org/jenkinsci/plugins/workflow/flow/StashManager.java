package org.jenkinsci.plugins.workflow.flow;

import edu.umd.cs.findbugs.annotations.NonNull;
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
            @NonNull Run<?, ?> build,
            @NonNull String name,
            @NonNull FilePath workspace,
            @NonNull Launcher launcher,
            @NonNull EnvVars env,
            @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        throw new AbortException("No such saved stash ‘" + name + "’");
    }
}
