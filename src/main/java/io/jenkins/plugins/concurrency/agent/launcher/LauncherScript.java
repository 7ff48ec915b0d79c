package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Proc;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.ResourceUsage;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.local.ShellReply;
import io.jenkins.plugins.concurrency.engine.pool.local.TaskFiles;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A script behind a launcher: in the shell of its worker, or started by the launcher itself. */
final class LauncherScript implements RunningScript, LauncherOutputs.Task, Runnable {

    private static final long LOOK_MILLIS = 100;

    /** After so many attempts to kill the task, its shell is killed. */
    private static final int MAX_LOOKS = 50;

    private final LauncherTarget target;
    private final LauncherShells shells;
    private final LauncherOutputs outputs;
    private final CommandOptions options;
    private final ScriptSpec script;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Object copying = new Object();

    /** To its outputs, in bytes, if no shell runs it. */
    private final AtomicLong written = new AtomicLong();

    /** Its own process, if no shell runs it. */
    private final LauncherProcess process;

    // Guarded by this.
    private Cause cause = Cause.ITSELF;
    private LauncherShell shell;
    private boolean alone;
    private boolean over;

    /** Set by the first abort. Completes when all processes of the task have ended. */
    private CompletionStage<Void> killed;

    LauncherScript(
            LauncherTarget target, LauncherShells shells, LauncherOutputs outputs, CommandOptions options, ScriptSpec script) {
        this.target = target;
        this.shells = shells;
        this.outputs = outputs;
        this.options = options;
        this.script = script;
        this.process = new LauncherProcess(target, script.branch());
    }

    @Override
    public int index() {
        return script.index();
    }

    @Override
    public OutputReader reader() {
        return script.outputs();
    }

    @Override
    public Object copying() {
        return copying;
    }

    @Override
    public synchronized Cause cause() {
        return cause;
    }

    @Override
    public CompletionStage<End> end() {
        return end;
    }

    @Override
    public void abort() {
        end(Cause.ABORTED);
    }

    private synchronized void end(Cause why) {
        if (over || killed != null) {
            return;
        }
        cause = why;
        if (alone) {
            killed = process.kill();
        } else {
            killed = shell == null ? CompletableFuture.completedFuture(null) : kill(MAX_LOOKS);
        }
    }

    /** Kills again while the task has not ended: the shell may just have been starting it. */
    private CompletionStage<Void> kill(int looks) {
        return target.kill(script.branch()).thenCompose(nothing -> {
            synchronized (this) {
                if (over) {
                    return CompletableFuture.completedFuture(null);
                }
                if (looks == 0) {
                    shell.kill();
                    return CompletableFuture.completedFuture(null);
                }
            }
            return CompletableFuture.runAsync(
                            () -> {},
                            CompletableFuture.delayedExecutor(
                                    LOOK_MILLIS, TimeUnit.MILLISECONDS, Computer.threadPoolForRemoting))
                    .thenCompose(later -> isOver() ? CompletableFuture.completedFuture(null) : kill(looks - 1));
        });
    }

    private synchronized boolean isOver() {
        return over;
    }

    @Override
    public void look(long size) throws IOException {
        if (outputs.isTooLarge(size)) {
            end(Cause.TOO_LARGE);
        }
        if (outputs.areCopied()) {
            TaskFiles files = outputs.copies(script.index());
            script.outputs().poll(files.stdout(), files.stderr());
        }
    }

    @Override
    public void run() {
        try {
            LauncherShell found = shells.of(script.worker());
            synchronized (this) {
                if (killed != null) {
                    throw HostException.notStarted("stopped before it started");
                }
                alone = found == null;
                shell = found;
            }
            if (found == null) {
                runAlone();
            } else {
                runIn(found);
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.completeExceptionally(e);
        } catch (Error e) {
            end.completeExceptionally(e);
            throw e;
        }
    }

    private void failed(Throwable thrown) {
        Throwable failure = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        boolean isClear = failure instanceof HostException || !(failure instanceof Exception);
        end.completeExceptionally(
                isClear ? failure : target.explain("can't run a shell through the launcher", (Exception) failure));
    }

    private void runIn(LauncherShell found) throws IOException, InterruptedException {
        MachineShell posix = target.shell();
        String file = TaskFiles.in(Path.of(""), script.index()).script().toString();
        String words = posix.fileCommandLine(script.script(), target.files().folder() + "/" + file).stream()
                .map(CommandTemplate::literal)
                .collect(Collectors.joining(" "));
        Map<String, String> texts = Map.of(file, posix.fileText(script.script()));
        LauncherPipe.TaskEnd reply = null;
        IOException failure = null;
        try {
            outputs.begin(this);
            String request = script.index() + " " + script.branch().value() + " " + words + "\n";
            reply = found.run(request, texts, outputs.endsOf(script.index()));
        } catch (IOException e) {
            failure = e;
        }
        CompletionStage<Void> killing;
        synchronized (this) {
            over = true;
            killing = killed;
        }
        if (killing == null && failure != null) {
            killing = target.kill(script.branch()); // what a shell has left behind is no part of the next attempt
        }
        if (killing != null) {
            killing.toCompletableFuture().join();
        }
        End result;
        try {
            result = ended(reply, failure);
        } finally {
            outputs.forget(this); // the next attempt, which may begin at once, has files of the same names
        }
        end.complete(result);
    }

    private End ended(@CheckForNull LauncherPipe.TaskEnd reply, @CheckForNull IOException failure) throws IOException {
        if (reply == null && cause() == Cause.ITSELF) {
            throw failure == null ? new IOException("no reply") : failure;
        }
        if (reply == null) {
            return outputs.end(this, -1, null, ResourceUsage.UNKNOWN);
        }
        if (reply.exitCode() == ShellReply.NO_DIRECTORY) {
            throw HostException.notStarted("can't start a shell: there is no directory " + script.directory());
        }
        return outputs.end(this, reply.exitCode(), reply.ends(), new ResourceUsage(reply.cpuMillis(), null));
    }

    private void runAlone() throws IOException, InterruptedException {
        String command = script.index() + ".cmd";
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(command, target.shell().fileText(script.script()));
        texts.put(command + ".sh", LauncherScripts.STARTER);
        target.write(texts);
        FilePath file = target.scratch(command);
        FilePath proof = target.scratch(command + LauncherScripts.END);
        List<String> words = target.shell().fileCommandLine(script.script(), file.getRemote());
        boolean isPosix = target.shell() == MachineShell.POSIX;
        List<String> started = !isPosix
                ? words
                : LauncherScripts.started(
                        target.scratch(command + ".sh").getRemote(),
                        file.getRemote(),
                        LauncherScripts.Transport.NONE,
                        options,
                        words);
        TailStream outTail = new TailStream(OutputTail.MAX_WHOLE);
        TailStream errTail = new TailStream();
        End result;
        try {
            proof.delete(); // of the attempt before
            LauncherProcess.End ended;
            try (OutputStream out = copied(outTail, true);
                    OutputStream err = copied(errTail, false)) {
                ended = process.run(() -> start(started, out, err));
            }
            if (ended.killed()) {
                synchronized (this) {
                    cause = cause == Cause.ITSELF ? Cause.ABORTED : cause;
                }
            } else if (isPosix && !proof.exists()) {
                target.kill(script.branch()).toCompletableFuture().join(); // it may live on without the client
                throw HostException.crashed("the launcher's process ended with exit code " + ended.exitCode()
                        + " before the command");
            }
            synchronized (this) {
                over = true;
            }
            result = outputs.areCopied()
                    ? outputs.endOfCopies(this, ended.exitCode(), ResourceUsage.UNKNOWN, cause())
                    : new End(ended.exitCode(), outTail.tail(), errTail.tail(), cause());
        } finally {
            for (FilePath written : List.of(file, target.scratch(command + ".sh"), proof)) {
                LauncherFiles.attempt(written::delete);
            }
            outputs.forget(this);
        }
        end.complete(result);
    }

    private OutputStream copied(OutputStream tail, boolean isOutput) throws IOException {
        if (!outputs.areCopied()) {
            return new Counted(tail);
        }
        TaskFiles files = outputs.copies(script.index());
        return new Counted(Files.newOutputStream(isOutput ? files.stdout() : files.stderr()));
    }

    /** An output of a task that no shell runs. */
    private final class Counted extends FilterOutputStream {

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            if (outputs.isTooLarge(written.addAndGet(length))) {
                end(Cause.TOO_LARGE);
            }
        }
    }

    private Proc start(List<String> command, OutputStream out, OutputStream err) throws IOException {
        return target.prepare(command, script.directory(), List.of(script.run(), script.branch()))
                .stdout(out)
                .stderr(err)
                .start();
    }
}
