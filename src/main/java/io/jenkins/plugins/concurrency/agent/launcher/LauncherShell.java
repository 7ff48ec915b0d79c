package io.jenkins.plugins.concurrency.agent.launcher;

import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.local.ShellReply;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A shell behind a launcher that runs one task after the other. So a container has to start a process by its client
 * once for each worker, and not for each task.
 */
final class LauncherShell implements WorkerProcess.Listener {

    private static final int LINES_OF_REPLY = 3;

    private static final long START_SECONDS = 60;
    private static final long READ_SECONDS = 10;

    private final LauncherWorker worker;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    private final Deque<String> lines = new ArrayDeque<>();

    /** The processor time of its tasks so far. Only the thread that gets its output uses it. */
    private long cpuMillis;

    /** The running task. Guarded by this. */
    private CompletableFuture<ShellReply> current;

    /** Guarded by this. */
    private boolean gone;

    /** The number of tasks so far. Guarded by this. */
    private int tasks;

    LauncherShell(LauncherTarget target, int number, String directory, CommandOptions options) {
        WorkerStart start = new WorkerStart(
                number,
                new WorkerStart.Program.Command(new InterpretedScript(LauncherScripts.TASKS, List.of("/bin/sh"))),
                "begin\n",
                directory,
                target.runCookie(),
                PoolEnvironment.workerCookie());
        worker = new LauncherWorker(target, start, options, LauncherScripts.Transport.PIPE);
        worker.listen(this);
    }

    /**
     * Waits until it can get tasks.
     *
     * @return whether each gets a session of its own
     * @throws IOException if there is no such shell
     */
    boolean awaitBegin() throws IOException, InterruptedException {
        await(started, START_SECONDS, "no shell has started");
        // A reader in another kernel, as behind a virtual machine, waits for a writer for ever.
        return await(begun, READ_SECONDS, "the shell does not get what the agent writes into a named pipe");
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
     * Starts a task. Call when the shell has begun and the task before it has ended.
     *
     * @param texts of the files that it needs, by name
     * @return completes when it has ended; fails with a {@link HostException} if it is not known how
     * @throws IOException if the shell does not accept it
     */
    CompletionStage<ShellReply> run(String request, Map<String, String> texts) throws IOException {
        CompletableFuture<ShellReply> reply = new CompletableFuture<>();
        synchronized (this) {
            if (gone) {
                throw new IOException("the worker's shell has ended");
            }
            current = reply;
            tasks++;
        }
        worker.send(request, texts);
        return reply;
    }

    synchronized boolean isGone() {
        return gone;
    }

    /** How many tasks this shell has got. */
    synchronized int tasks() {
        return tasks;
    }

    /** Ends it with all that it is running. */
    void kill() {
        worker.kill();
    }

    /** Lets it end by itself after its task. */
    void close() {
        worker.close();
    }

    @Override
    public OutputStream answers() {
        return new OutputStream() {
            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            @Override
            public void write(int b) {
                if (b == '\n') {
                    line(line.toString(StandardCharsets.UTF_8).strip());
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        };
    }

    private void line(String line) {
        if (!begun.isDone()) {
            if (started.complete(null)) {
                return;
            }
            worker.begun();
            begun.complete(line.equals(LauncherScripts.SESSIONS));
            return;
        }
        lines.add(line);
        if (lines.size() < LINES_OF_REPLY) {
            return;
        }
        CompletableFuture<ShellReply> task = take();
        try {
            ShellReply reply = ShellReply.read(lines::poll, cpuMillis);
            cpuMillis = reply.cpuMillisAfter();
            if (task != null) {
                task.complete(reply);
            }
        } catch (IOException e) {
            if (task != null) {
                task.completeExceptionally(HostException.crashed(e.getMessage()));
            }
            kill();
        }
    }

    private synchronized CompletableFuture<ShellReply> take() {
        CompletableFuture<ShellReply> taken = current;
        current = null;
        return taken;
    }

    @Override
    public void ended(int exitCode) {
        String errors = worker.errors().lastLines(1);
        failed(HostException.crashed("the shell that ran the command ended with exit code " + exitCode
                + (errors.isEmpty() ? "" : ": " + errors)));
    }

    @Override
    public void failed(IOException cause) {
        CompletableFuture<ShellReply> task;
        synchronized (this) {
            gone = true;
            task = take();
        }
        worker.close();
        started.completeExceptionally(cause);
        begun.completeExceptionally(cause);
        if (task != null) {
            task.completeExceptionally(cause);
        }
    }
}
