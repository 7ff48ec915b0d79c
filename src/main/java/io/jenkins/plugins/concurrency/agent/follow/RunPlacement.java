package io.jenkins.plugins.concurrency.agent.follow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Launcher;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.AgentAbsence;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.launcher.LauncherRun;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A run inside {@code node}. A supervisor on the agent does it. Only a pool is done through the step's launcher if that
 * is decorated, or if the agent has no Java for a supervisor. This is decided once, when the run is started.
 */
public final class RunPlacement implements RunHandle {

    private final RunLocation location;
    private final Run<?, ?> owner;
    private final RunFiles build;
    private final int total;
    private final Observer observer;

    /** Guarded by this. */
    private RunHandle chosen;

    /** Why the run was cancelled before that decision; {@code null} if it was not. Guarded by this. */
    private String cancelledBefore;

    /** Guarded by this. */
    private boolean abandoned;

    /**
     * @param location where the run's files are, beside the workspace
     * @param owner the build that waits for the run
     * @param build the run's files in the build directory
     * @param total how many branches the run has; negative if only the agent knows
     */
    public RunPlacement(RunLocation location, Run<?, ?> owner, RunFiles build, int total, Observer observer) {
        this.location = location;
        this.owner = owner;
        this.build = build;
        this.total = total;
        this.observer = observer;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        choose(needsLauncher()).start();
    }

    @Override
    public void resume() throws IOException, InterruptedException {
        choose(LauncherRun.isChosen(build)).resume();
    }

    @Override
    public void cancel(String why) throws IOException, InterruptedException {
        RunHandle run;
        synchronized (this) {
            run = chosen;
            if (run == null) {
                cancelledBefore = why;
                return;
            }
        }
        run.cancel(why);
    }

    @Override
    public CompletionStage<Void> abandon() {
        RunHandle run;
        synchronized (this) {
            abandoned = true;
            run = chosen;
        }
        return run == null ? CompletableFuture.completedFuture(null) : run.abandon();
    }

    @Override
    public synchronized JournalIndex index() {
        return chosen == null ? null : chosen.index();
    }

    private RunHandle choose(boolean launcher) throws IOException, InterruptedException {
        RunHandle run = launcher
                ? new LauncherRun(location, owner, build, observer)
                : new AgentRun(location, owner, build, total, observer, AgentAbsence.AS_CONFIGURED);
        String cancelled;
        synchronized (this) {
            if (abandoned) {
                throw new IOException("nobody waits for it");
            }
            chosen = run;
            cancelled = cancelledBefore;
        }
        if (cancelled != null) {
            run.cancel(cancelled);
        }
        return run;
    }

    /**
     * Decides for a pool in a decorated launcher. To be called before a restarted controller can know the run: its agent may
     * be away then, and with it the launcher, and the pool would work outside its container.
     */
    public static void decide(RunFiles build, WorkSpec work, @CheckForNull Launcher launcher) throws IOException {
        if (work instanceof WorkSpec.Pool && isDecorated(launcher)) {
            LauncherRun.choose(build);
        }
    }

    /** Whether a launcher may start processes somewhere else than on its agent, for example in a container. */
    public static boolean isDecorated(@CheckForNull Launcher launcher) {
        return launcher != null
                && launcher.getClass() != Launcher.LocalLauncher.class
                && launcher.getClass() != Launcher.RemoteLauncher.class;
    }

    private boolean needsLauncher() throws IOException, InterruptedException {
        if (LauncherRun.isChosen(build)) {
            return true;
        }
        boolean pool = build.readSpec().work() instanceof WorkSpec.Pool;
        String problem = location.isConnected() ? location.javaProblem() : null;
        if (problem != null && !pool) {
            throw new IOException(location.nodeText() + " can't start the process that fetches: " + problem
                    + "; run the agent with a complete Java 17 or later, or call the step outside 'node'");
        }
        return problem != null;
    }
}
