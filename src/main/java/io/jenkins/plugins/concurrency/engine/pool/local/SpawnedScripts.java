package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.TaskTimer;
import io.jenkins.plugins.concurrency.engine.process.DetachedProcess;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Starts scripts as children of this process, each in its own session where there is {@code setsid}. */
final class SpawnedScripts implements ScriptStarter {

    private final MachineShell shell;
    private final Path outputs;
    private final CommandOptions options;
    private final ResourceLimits limits;
    private final TaskEnvironment environment;
    private final List<String> setsid;
    private final TaskTimer watch = new TaskTimer();

    SpawnedScripts(
            MachineShell shell, Path outputs, CommandOptions options, ResourceLimits limits, TaskEnvironment environment) {
        this.options = options;
        this.limits = limits;
        this.environment = environment;
        this.shell = shell;
        this.outputs = outputs;
        this.setsid = shell == MachineShell.POSIX ? DetachedProcess.setsid() : List.of();
    }

    @Override
    public RunningScript start(ScriptSpec script) throws IOException {
        TaskFiles files = TaskFiles.in(outputs, script.index());
        try {
            List<String> command = new ArrayList<>(limits.prefix(script.worker()));
            command.addAll(setsid);
            command.addAll(shell.commandLine(script.script(), files.script()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(new File(script.directory()))
                    .redirectInput(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"))
                    .redirectOutput(files.stdout().toFile())
                    .redirectError(files.stderr().toFile());
            environment.prepare(builder, script.run(), script.branch());
            return new LocalScript(builder.start(), script, files, options.output().maxBytes(), watch);
        } catch (IOException e) {
            files.delete();
            throw e;
        }
    }

    @Override
    public void close() {
        watch.close();
    }

    /** A script in a child of this process. It writes its output to files, so no thread copies it. */
    private static final class LocalScript implements RunningScript {

        private final Process process;
        private final ProcessCookie cookie;
        private final TaskMeter meter;
        private final CompletionStage<End> end;

        /** Set by the first abort. Completes when all processes of the task have ended. Guarded by this. */
        private CompletionStage<Void> killed;

        LocalScript(Process process, ScriptSpec script, TaskFiles files, long maxOutputBytes, TaskTimer watch) {
            this.process = process;
            this.cookie = script.branch();
            this.meter = new TaskMeter(files, script.outputs(), maxOutputBytes, process::pid, this::force);
            this.end = process.onExit()
                    .thenCompose(ended -> killedOrNow())
                    .thenApply(ignored -> meter.end(process.exitValue(), null))
                    .whenComplete((ended, thrown) -> {
                        watch.remove(meter);
                        files.delete();
                    });
            watch.add(meter);
        }

        @Override
        public CompletionStage<End> end() {
            return end;
        }

        @Override
        public synchronized void abort() {
            if (killed == null && process.isAlive()) {
                meter.endedBy(Cause.ABORTED);
                killed = ProcessKiller.killGroups(List.of(process.toHandle()), cookie);
            }
        }

        /** Kills the task at once: if it fills the disk, it must not get the time to go on. */
        private synchronized void force() {
            if (killed == null && process.isAlive()) {
                killed = ProcessKiller.forceGroups(List.of(process.toHandle()), cookie);
            }
        }

        private synchronized CompletionStage<Void> killedOrNow() {
            return killed == null ? CompletableFuture.completedFuture(null) : killed;
        }
    }
}
