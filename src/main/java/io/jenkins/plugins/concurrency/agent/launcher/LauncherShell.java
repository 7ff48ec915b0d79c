package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A shell behind a launcher that runs one task after the other. So a container has to start a process by its client
 * once for each worker, and not for each task.
 */
final class LauncherShell implements WorkerProcess.Listener {

    private static final long START_SECONDS = 60;
    private static final long READ_SECONDS = 10;

    private final LauncherTarget target;
    private final ProcessCookie cookie = PoolEnvironment.workerCookie();
    private final LauncherWorker worker;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<LauncherPipe.Begin> begun;

    private volatile boolean refused;

    /** Why it has ended. Guarded by this. */
    private IOException gone;

    /** The number of tasks so far. Guarded by this. */
    private int tasks;

    LauncherShell(LauncherTarget target, int number, String directory, CommandOptions options) {
        WorkerStart start = new WorkerStart(
                number,
                new WorkerStart.Program.Command(new InterpretedScript(LauncherScripts.TASKS, List.of("/bin/sh"))),
                "begin\n",
                directory,
                target.runCookie(),
                cookie);
        this.target = target;
        worker = new LauncherWorker(target, start, options, LauncherScripts.Transport.PIPE);
        begun = started.thenApplyAsync(nothing -> begin(), Computer.threadPoolForRemoting);
        worker.listen(this);
    }

    private LauncherPipe.Begin begin() {
        try {
            LauncherPipe.Begin begin = worker.pipe().begin(new ProcessCookie(LauncherScripts.INSIDE, cookie.value()));
            if (begin.isSeen()) {
                target.seesProcesses();
            }
            return begin;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /**
     * Waits until it can get tasks.
     *
     * @return {@link LauncherScripts#SESSIONS}, or why it can't run tasks
     * @throws IOException if there is no such shell
     */
    String awaitBegin() throws IOException, InterruptedException {
        await(started, START_SECONDS, "no shell has started");
        // A reader in another kernel, as behind a virtual machine, waits for a writer for ever.
        String line = await(begun, READ_SECONDS, "the shell does not get what the agent writes into a named pipe").line();
        if (line == null) {
            throw HostException.crashed("the shell ended before its first task");
        }
        return line;
    }

    private static <T> T await(CompletableFuture<T> event, long seconds, String failure)
            throws IOException, InterruptedException {
        try {
            return event.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw HostException.crashed(failure + " within " + seconds + " s");
        }
    }

    /**
     * Runs a task and waits for its end. Call when the shell has begun and the task before it has ended.
     *
     * @param texts of the files that it needs, by name
     * @param ends reads the ends of its outputs; {@code null} to leave them
     * @throws IOException if it is not known how the task ended
     */
    LauncherPipe.TaskEnd run(String request, Map<String, String> texts, @CheckForNull LauncherOutputs.Read ends)
            throws IOException {
        synchronized (this) {
            tasks++;
        }
        try {
            LauncherPipe.TaskEnd end = worker.pipe().run(request, texts, target.files().folder(), ends);
            if (end != null) {
                return end;
            }
            failed(HostException.crashed("the shell that ran the command has ended"));
        } catch (IOException e) {
            failed(e); // its next reply could be this task's
            throw e;
        }
        throw reason();
    }

    private synchronized IOException reason() {
        return gone;
    }

    /** Whether its process ended before it began. */
    boolean hasRefused() {
        return refused;
    }

    synchronized boolean isGone() {
        return gone != null;
    }

    /** How many tasks this shell has got. */
    synchronized int tasks() {
        return tasks;
    }

    /** Its end is no failure from now on. */
    synchronized void expectEnd() {
        gone = gone == null ? new IOException("the pool has ended") : gone;
    }

    /** Ends it with all that it is running. */
    void kill() {
        worker.kill();
    }

    /** Lets it end by itself after its task. */
    void close() {
        worker.close();
    }

    /** Its own output is one line, which says that the launcher has started it. */
    @Override
    public OutputStream answers() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                started.complete(null);
            }
        };
    }

    @Override
    public void ended(int exitCode) {
        refused = !started.isDone();
        String errors = worker.errors().lastLines(1);
        failed(HostException.crashed("the shell that ran the command ended with exit code " + exitCode
                + (errors.isEmpty() ? "" : ": " + errors)));
    }

    /** The launcher's client may have died alone. Without it nobody can end the shell, so the shell ends too. */
    @Override
    public void failed(IOException cause) {
        synchronized (this) {
            if (gone != null) {
                return;
            }
            gone = cause;
        }
        started.completeExceptionally(cause);
        target.kill(cookie).whenComplete((nothing, thrown) -> worker.close());
    }
}
