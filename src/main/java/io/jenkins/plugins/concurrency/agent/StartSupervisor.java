package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.supervisor.SupervisorLauncher;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/**
 * Starts a supervisor for a run directory, detached from the agent's own process, unless a living one is there already.
 * The environment is handed over as environment, never through a file.
 */
final class StartSupervisor extends MasterToSlaveFileCallable<Void> {

    private static final long serialVersionUID = 1;

    private final ArrayList<String> classPath;
    private final EnvVars environment;
    private final int heapMib;

    StartSupervisor(@NonNull List<String> classPath, @NonNull EnvVars environment, int heapMib) {
        this.classPath = new ArrayList<>(classPath);
        this.environment = new EnvVars(environment);
        this.heapMib = heapMib;
    }

    @Override
    public Void invoke(File runDirectory, VirtualChannel channel) throws IOException {
        EnvVars merged = new EnvVars(System.getenv());
        merged.overrideAll(environment);
        SupervisorLauncher.start(new RunFiles(runDirectory.toPath()), classPath, merged, heapMib);
        return null;
    }
}
