package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A worker process, seen from the pool: one call at a time. A thread of its own reads the answers.
 */
final class FunctionWorker {

    private static final int STDERR_LINES_IN_MESSAGE = 5;

    /** The worker will not do: it refused the function, died, or talked nonsense. */
    static final class WorkerException extends IOException {
        private static final long serialVersionUID = 1;

        enum Kind {
            REFUSED,
            DIED,
            NONSENSE
        }

        final Kind kind;

        WorkerException(Kind kind, String message) {
            super(message);
            this.kind = kind;
        }
    }

    private final int number;
    private final Process process;
    private final WorkerFrames frames;
    private final Path stderr;
    private final ProcessCookie cookie;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    // Guarded by this.
    private CompletableFuture<JsonObject> call;
    private WorkerException end;

    private FunctionWorker(int number, Process process, Path stderr, ProcessCookie cookie) {
        this.number = number;
        this.process = process;
        this.stderr = stderr;
        this.cookie = cookie;
        this.frames = new WorkerFrames(process.getInputStream(), process.getOutputStream());
    }

    /**
     * Starts a worker and returns without waiting for it.
     *
     * @param cookie of this worker alone: whatever carries it dies with the worker
     * @throws IOException if the process could not be started
     */
    @NonNull
    static FunctionWorker start(int number, ProcessBuilder builder, Path stderr, ProcessCookie cookie, String function)
            throws IOException {
        cookie.putInto(builder.environment());
        Process process = builder.redirectError(stderr.toFile()).start();
        FunctionWorker worker = new FunctionWorker(number, process, stderr, cookie);
        Thread reader = new Thread(() -> worker.readAnswers(function), "function worker " + number + " reader");
        reader.setDaemon(true);
        reader.start();
        return worker;
    }

    /** The worker's number, from 1. */
    int number() {
        return number;
    }

    synchronized boolean isUsable() {
        return end == null && process.isAlive();
    }

    /**
     * Calls the function.
     *
     * @return the answer; fails with a {@link WorkerException} if the worker does not give one
     */
    @NonNull
    CompletionStage<JsonObject> call(PoolBranch branch) {
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        synchronized (this) {
            if (end != null) {
                return CompletableFuture.failedFuture(end);
            }
            call = answer;
        }
        ready.thenRun(() -> send(branch));
        return answer;
    }

    /** Ends the process. */
    @NonNull
    CompletionStage<Void> kill() {
        return ProcessKiller.kill(process.toHandle(), cookie);
    }

    /** Lets the process end by itself. */
    void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly(); // it is gone, or does not listen
        }
    }

    private void send(PoolBranch branch) {
        Map<String, Object> request = new HashMap<>();
        request.put("index", branch.index());
        request.put("input", branch.input());
        try {
            frames.write(request);
        } catch (IOException | RuntimeException e) {
            // the process is gone, or will not learn of the call; the reader sees its end and ends the call
            process.destroyForcibly();
        }
    }

    private void readAnswers(String function) {
        try {
            frames.write(Map.of("function", function));
            JsonObject opening = frames.read();
            if (opening != null && opening.has("refused")) {
                end(new WorkerException(WorkerException.Kind.REFUSED, opening.string("refused")));
                return;
            }
            if (opening != null) {
                ready.complete(null);
                for (JsonObject answer; (answer = frames.read()) != null; ) {
                    takeCall().complete(answer);
                }
            }
            end(died());
        } catch (IOException e) {
            boolean alive = process.isAlive();
            process.destroyForcibly();
            end(alive ? new WorkerException(WorkerException.Kind.NONSENSE, e.getMessage()) : died());
        }
    }

    private WorkerException died() {
        int exitCode = process.onExit().join().exitValue();
        String message = "the worker process ended with exit code " + exitCode + " during the call";
        try {
            String tail = OutputTail.read(stderr).lastLines(STDERR_LINES_IN_MESSAGE);
            message += tail.isEmpty() ? "" : ": " + tail;
        } catch (IOException e) {
            message += " (its standard error can't be read: " + e.getMessage() + ")";
        }
        return new WorkerException(WorkerException.Kind.DIED, message);
    }

    private void end(WorkerException why) {
        CompletableFuture<JsonObject> pending;
        synchronized (this) {
            end = why;
            pending = call;
            call = null;
        }
        if (pending != null) {
            pending.completeExceptionally(why);
        }
    }

    private synchronized CompletableFuture<JsonObject> takeCall() throws IOException {
        if (call == null) {
            throw new IOException("an answer without a call");
        }
        CompletableFuture<JsonObject> pending = call;
        call = null;
        return pending;
    }
}
