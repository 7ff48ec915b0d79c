package io.jenkins.plugins.concurrency.agent.follow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.KeptOutputs;
import io.jenkins.plugins.concurrency.agent.NodeAllowance;
import io.jenkins.plugins.concurrency.agent.PrepareRunDirectory;
import io.jenkins.plugins.concurrency.agent.RunDirectory;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.cleanup.RunCleaner;
import io.jenkins.plugins.concurrency.agent.cleanup.RunRegistration;
import io.jenkins.plugins.concurrency.agent.supervisor.AgentSupervisors;
import io.jenkins.plugins.concurrency.agent.supervisor.StartSupervisor;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Submits a run from its build directory to a supervisor. Methods wait for the agent. */
final class RunSubmission {

    private final RunLocation location;
    private final Run<?, ?> owner;
    private final RunFiles build;
    private final RunHandle.Observer observer;
    private final boolean keepsOutputs;

    /**
     * @param owner the build that waits for the run
     * @param build the run's files in the build directory
     * @param observer knows the environment
     */
    RunSubmission(RunLocation location, Run<?, ?> owner, RunFiles build, RunHandle.Observer observer) {
        this.location = location;
        this.owner = owner;
        this.build = build;
        this.observer = observer;
        this.keepsOutputs = KeptOutputs.areWanted(build);
    }

    /** The registration of the run while a step waits for it. */
    RunRegistration registered() {
        return RunRegistration.wanted(location, owner, build);
    }

    /** Whether there is something to {@link #archive} when the run has ended. */
    boolean keepsOutputs() {
        return keepsOutputs;
    }

    /** Makes artifacts of the outputs that the run has kept on the agent. */
    void archive(RunDirectory directory) throws IOException, InterruptedException {
        KeptOutputs.archive(directory.kept(), owner, observer);
    }

    /**
     * Submits the run to its first supervisor, and makes the agent send the journal.
     *
     * @param isOver whether no build waits for the run any more; then it is not started
     * @throws IOException if that fails, or the run can never work there, in one line
     */
    void begin(RunDirectory directory, RunDirectory.Following from, BooleanSupplier isOver)
            throws IOException, InterruptedException {
        String problem = NodeAllowance.of(location.node()).problem(build.readSpec());
        if (problem != null) {
            throw new IOException(problem);
        }
        PrepareRunDirectory prepare = directory.fill(build, RunCleaner.get().known());
        if (!isOver.getAsBoolean()) {
            start(directory, from, prepare);
        }
    }

    /** Submits the run to another supervisor after the last one died; otherwise like {@link #begin}. */
    void replace(RunDirectory directory, RunDirectory.Following from) throws IOException, InterruptedException {
        start(directory, from, null);
    }

    private void start(RunDirectory directory, RunDirectory.Following from, @CheckForNull PrepareRunDirectory prepare)
            throws IOException, InterruptedException {
        EnvVars environment = observer.environment();
        AgentSupervisors.get().start(location.node(), directory.channel(), () -> new StartSupervisor.Begin(
                location.directory(), environment, prepare, directory.following(from)));
    }
}
