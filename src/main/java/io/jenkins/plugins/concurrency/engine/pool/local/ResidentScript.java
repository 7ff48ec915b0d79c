package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.TaskTimer;
import io.jenkins.plugins.concurrency.engine.process.ChildProcesses;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A script that a resident shell has started. */
final class ResidentScript implements RunningScript, ResidentShell.Listener {

    private static final long LOOK_MILLIS = 20;

    /** After so many attempts to kill the task, the shell itself is killed. */
    private static final int MAX_LOOKS = 100;

    /**
     * If the shell has no child process for this time, it will not answer any more. It may be slow to start a process.
     */
    private static final long MAX_SILENT_MILLIS = 10_000;

    private final ResidentShell shell;
    private final ScriptSpec script;
    private final TaskMeter meter;
    private final CompletableFuture<ShellReply> exited = new CompletableFuture<>();
    private final CompletionStage<End> end;

    /** How often in a row there was no process. Only the watch's thread uses it. */
    private int silentLooks;

    /** Set by the first abort. Completes when all processes of the task have ended. Guarded by this. */
    private CompletionStage<Void> killed;

    ResidentScript(ResidentShell shell, ScriptSpec script, TaskFiles files, long maxOutputBytes) {
        this.shell = shell;
        this.script = script;
        this.meter = new TaskMeter(files, script.outputs(), maxOutputBytes, shell::pid, this::force);
        this.end = exited.thenCompose(reply ->
                        killedOrNow().thenApply(ignored -> meter.end(reply.exitCode(), reply.cpuMillis())))
                .whenComplete((ended, thrown) -> files.delete());
    }

    /** Measures its resources until its end. */
    void watch(TaskTimer watch) {
        Runnable look = this::poll;
        watch.add(look);
        end.whenComplete((ended, thrown) -> watch.remove(look));
    }

    private void poll() {
        meter.run();
        silentLooks = ChildProcesses.haveEnded(shell.pid()) ? silentLooks + 1 : 0;
        if (silentLooks * TaskTimer.LOOK_MILLIS >= MAX_SILENT_MILLIS) { // time passes while a machine sleeps
            shell.destroyIfRuns(this);
        }
    }

    @Override
    public CompletionStage<End> end() {
        return end;
    }

    @Override
    public void ended(ShellReply reply) {
        if (reply.exitCode() == ShellReply.NO_DIRECTORY) {
            exited.completeExceptionally(
                    HostException.notStarted("can't start a shell: there is no directory " + script.directory()));
        } else {
            exited.complete(reply);
        }
    }

    @Override
    public void crashed(int exitCode) {
        HostException crash = HostException.crashed("the shell that ran the command ended with exit code " + exitCode);
        ProcessKiller.kill(script.branch()).whenComplete((ignored, thrown) -> exited.completeExceptionally(crash));
    }

    @Override
    public void abort() {
        end(() -> {
            meter.endedBy(Cause.ABORTED);
            return ProcessKiller.killGroups(shell.tasks(), script.branch());
        });
    }

    /** Kills the task at once: if it fills the disk, it must not get the time to go on. */
    private void force() {
        end(() -> ProcessKiller.forceGroups(shell.tasks(), script.branch()));
    }

    private synchronized void end(Supplier<CompletionStage<Void>> killer) {
        if (killed == null && !exited.isDone()) {
            killed = kill(killer, MAX_LOOKS);
        }
    }

    /** Kills again while the task has not ended: the shell may just have been starting it. */
    private CompletionStage<Void> kill(Supplier<CompletionStage<Void>> killer, int looks) {
        return killer.get().thenCompose(ignored -> {
            if (exited.isDone()) {
                return CompletableFuture.completedFuture(null);
            }
            if (looks == 0) {
                shell.destroy();
                return CompletableFuture.completedFuture(null);
            }
            Executor later = CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return CompletableFuture.runAsync(() -> {}, later).thenCompose(nothing -> kill(killer, looks - 1));
        });
    }

    private synchronized CompletionStage<Void> killedOrNow() {
        return killed == null ? CompletableFuture.completedFuture(null) : killed;
    }
}
