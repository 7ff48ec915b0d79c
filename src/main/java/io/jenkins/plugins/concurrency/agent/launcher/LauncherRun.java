package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.AgentAbsence;
import io.jenkins.plugins.concurrency.agent.KeptOutputs;
import io.jenkins.plugins.concurrency.agent.PrepareRunDirectory;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.cleanup.RunCleaner;
import io.jenkins.plugins.concurrency.agent.cleanup.RunRegistration;
import io.jenkins.plugins.concurrency.agent.controller.ControllerBudgets;
import io.jenkins.plugins.concurrency.agent.controller.InProcessRun;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/**
 * A pool whose processes this controller starts one by one through the step's launcher. The controller writes its
 * journal. It is used in containers and other decorated launchers, where a process of the agent would run in the wrong
 * place. If the controller's process ends or the agent's connection breaks, running processes end. The other branches
 * are done afterwards.
 */
public final class LauncherRun implements RunHandle {

    private static final long LOOK_SECONDS = 1;

    private final RunLocation location;
    private final Run<?, ?> owner;
    private final RunFiles build;
    private final Observer observer;
    private final Jenkins jenkins = Jenkins.get();

    /** Works on the run; {@code null} while nothing does. Guarded by this. */
    private InProcessRun run;

    // Guarded by this.
    private String cancelled;
    private boolean abandoned;
    private boolean ended;

    /** @param owner the build that waits for the run */
    public LauncherRun(RunLocation location, Run<?, ?> owner, RunFiles build, Observer observer) {
        this.location = location;
        this.owner = owner;
        this.build = build;
        this.observer = observer;
    }

    /** Whether the run goes through a launcher. */
    public static boolean isChosen(RunFiles build) {
        return Files.exists(mark(build));
    }

    /** Makes a restarted controller send the run through a launcher too. */
    public static void choose(RunFiles build) throws IOException {
        Files.write(mark(build), new byte[0]);
    }

    private static Path mark(RunFiles build) {
        return build.directory().resolve("through-launcher");
    }

    @Override
    public void start() throws IOException, InterruptedException {
        choose(build);
        begin();
    }

    @Override
    public void resume() throws IOException, InterruptedException {
        JournalIndex journal = JournalIndex.read(build.journal());
        journal.forEach(observer::branchRestored);
        if (journal.finished() != null) {
            end(journal.finished(), RunRegistration.State.ENDED);
        } else if (location.resolve() == null) {
            awaitAgent(new AgentAbsence(location, AgentAbsence.AS_CONFIGURED));
        } else {
            begin();
        }
    }

    @Override
    public void cancel(String why) {
        InProcessRun current;
        synchronized (this) {
            cancelled = cancelled == null ? why : cancelled;
            current = run;
        }
        if (current != null) {
            current.cancel(why);
        }
    }

    private void begin() throws IOException, InterruptedException {
        FilePath directory = location.resolve();
        Launcher launcher = observer.launcher();
        if (directory == null || launcher == null) {
            throw new IOException(location.nodeText() + " is not connected");
        }
        RunCleaner.get().follow(RunRegistration.wanted(location, owner, build));
        directory.act(new PrepareRunDirectory(RunCleaner.get().known(), Map.of()));
        EnvVars environment = observer.environment();
        LauncherTarget target = new LauncherTarget(
                launcher, location, directory, environment, build.outputs(), this::connectionLost);
        LauncherHost host = new LauncherHost(target, observer::consoleOutput);
        try {
            begin(host, environment, last -> end(last, RunRegistration.State.ENDED));
        } catch (IOException | RuntimeException e) {
            release(RunRegistration.State.ABANDONED);
            throw e;
        }
    }

    /** The one end of a run that a build waits for. Does not wait. */
    private void end(JournalEntry.Finished last, RunRegistration.State state) {
        synchronized (this) {
            if (ended) {
                return; // a connection that broke just then has ended it once more
            }
            ended = true;
        }
        Computer.threadPoolForRemoting.execute(() -> {
            removeCopies();
            archiveOutputs();
            observer.finished(last);
            release(state);
        });
    }

    /** Nothing is masked in them. */
    private void removeCopies() {
        LauncherFiles.attempt(new FilePath(build.outputs().toFile())::deleteRecursive);
    }

    /** The controller has copied kept outputs to the build directory. */
    private void archiveOutputs() {
        FilePath kept = new FilePath(build.kept().toFile());
        try {
            KeptOutputs.archive(kept, owner, observer);
            kept.deleteRecursive();
        } catch (IOException | RuntimeException e) {
            observer.warn("can't archive the kept outputs: " + FailureText.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(PoolHost host, EnvVars environment, Consumer<JournalEntry.Finished> onEnd) throws IOException {
        InProcessRun begun = new InProcessRun(
                build,
                new RunEnvironment(
                        environment::get, host, observer::consoleOutput, ControllerBudgets.of(build, ControllerBudgets.TASKS)),
                observer::branchEnded);
        String cancelledBefore;
        boolean abandonedBefore;
        synchronized (this) {
            run = begun;
            cancelledBefore = cancelled;
            abandonedBefore = abandoned;
        }
        if (abandonedBefore) {
            begun.suspend();
        } else if (cancelledBefore != null) {
            begun.cancel(cancelledBefore);
        }
        begun.start(onEnd);
    }

    @Override
    public CompletionStage<Void> abandon() {
        InProcessRun current;
        synchronized (this) {
            abandoned = true;
            current = run;
        }
        CompletionStage<Void> over = current == null ? CompletableFuture.completedFuture(null) : current.suspend();
        return over.thenRun(() -> {
            removeCopies();
            release(RunRegistration.State.ABANDONED);
        });
    }

    private void release(RunRegistration.State state) {
        RunCleaner.get().release(RunRegistration.wanted(location, owner, build).with(state));
    }

    /** Called before any task is told that its connection failed: such a failure says nothing about the task. */
    private void connectionLost() {
        InProcessRun lost;
        synchronized (this) {
            lost = ended ? null : run;
            run = null;
        }
        if (lost == null) {
            return;
        }
        CompletionStage<Void> over = lost.suspend();
        if (!isJenkinsGone()) {
            observer.warn(location.nodeText() + " lost its connection; the step continues when it is back");
            over.whenComplete((nothing, thrown) -> awaitAgent(new AgentAbsence(location, AgentAbsence.AS_CONFIGURED)));
        }
    }

    /** If so, the next Jenkins continues the run, even if it is in the same process. */
    private boolean isJenkinsGone() {
        return Jenkins.getInstanceOrNull() != jenkins || jenkins.isTerminating();
    }

    private void awaitAgent(AgentAbsence absence) {
        Timer.get().schedule(
                () -> Computer.threadPoolForRemoting.execute(() -> proceed(absence)), LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void proceed(AgentAbsence absence) {
        synchronized (this) {
            if (abandoned || ended || isJenkinsGone()) {
                return;
            }
        }
        try {
            String gone = absence.check();
            if (isCancelled() || gone != null) {
                endWithoutAgent(gone);
            } else if (location.resolve() == null) {
                awaitAgent(absence);
            } else {
                begin();
            }
        } catch (IOException | RuntimeException e) {
            if (location.resolve() == null) {
                awaitAgent(absence);
            } else {
                end(new JournalEntry.Finished(0, FailureText.of(e)), RunRegistration.State.ABANDONED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param gone why nobody waits for the agent any longer; {@code null} if the run was cancelled meanwhile */
    private void endWithoutAgent(@CheckForNull String gone) throws IOException, InterruptedException {
        UnavailableHost host = new UnavailableHost(gone == null ? "" : gone);
        begin(host, observer.environment(), last -> {
            boolean failed = gone != null && last.failure() == null;
            end(failed ? new JournalEntry.Finished(last.total(), gone) : last, RunRegistration.State.ABANDONED);
        });
    }

    private synchronized boolean isCancelled() {
        return cancelled != null;
    }

    /** Replaces a host that will not be available again: every branch that has not ended is lost. */
    private static final class UnavailableHost implements PoolHost {

        private final String why;

        UnavailableHost(String why) {
            this.why = why;
        }

        @Override
        public void prepare(PoolSettings settings) {
            // nothing will be started
        }

        @Override
        public int processors() {
            return 1;
        }

        @Override
        public MachineShell shell() {
            return MachineShell.POSIX;
        }

        @Override
        public boolean repeatsInterrupted() {
            return true; // and so has one reason for all
        }

        @Override
        public InputStream open(String file) throws HostException {
            throw HostException.lost(why);
        }

        @Override
        public RunningScript start(ScriptSpec script) throws HostException {
            throw HostException.lost(why);
        }

        @Override
        public WorkerProcess start(WorkerStart worker) throws HostException {
            throw HostException.lost(why);
        }

        @Override
        public CompletionStage<Void> kill(ProcessCookie cookie) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
