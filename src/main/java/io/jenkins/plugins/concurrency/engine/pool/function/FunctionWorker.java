package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A worker process, seen from the pool: one call at a time. Has no thread of its own. */
final class FunctionWorker implements WorkerProcess.Listener {

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
    private final WorkerProcess process;
    private final SecretMask mask;
    private final FrameStream answers = new FrameStream(this::answered, this::kill);
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    // Guarded by this.
    private CompletableFuture<JsonObject> call;
    private IOException end;

    private FunctionWorker(int number, WorkerProcess process, SecretMask mask) {
        this.number = number;
        this.process = process;
        this.mask = mask;
    }

    /** Takes a worker that has been sent the function, and returns without waiting for it. */
    @NonNull
    static FunctionWorker start(int number, WorkerProcess process, SecretMask mask) {
        FunctionWorker worker = new FunctionWorker(number, process, mask);
        process.listen(worker);
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
     * @return the answer; fails with an {@link IOException} if the worker does not give one
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
        return process.kill();
    }

    /** Lets the process end by itself. */
    void close() {
        process.close();
    }

    private void send(PoolBranch branch) {
        Map<String, Object> request = new HashMap<>();
        request.put("index", branch.index());
        request.put("input", branch.input());
        try {
            process.send(WorkerFrames.line(request));
        } catch (IOException | RuntimeException e) {
            // The process is gone, or will not learn of the call; its end ends the call.
            process.kill();
        }
    }

    @Override
    public OutputStream answers() {
        return answers;
    }

    private void answered(JsonObject frame) throws IOException {
        if (ready.isDone()) {
            takeCall().complete(frame);
        } else if (frame.has("refused")) {
            end(new WorkerException(WorkerException.Kind.REFUSED, mask.text(frame.string("refused"))));
        } else {
            ready.complete(null);
        }
    }

    @Override
    public void ended(int exitCode) {
        String nonsense = answers.failure();
        end(nonsense == null ? died(exitCode) : new WorkerException(WorkerException.Kind.NONSENSE, nonsense));
    }

    @Override
    public void failed(IOException cause) {
        end(cause);
    }

    private WorkerException died(int exitCode) {
        String message = "the worker process ended with exit code " + exitCode + " during the call";
        try {
            OutputTail errors = process.errors();
            String text = errors.truncated() ? mask.tail(errors.text()) : mask.text(errors.text());
            String tail = new OutputTail(text, false).lastLines(STDERR_LINES_IN_MESSAGE);
            message += tail.isEmpty() ? "" : ": " + tail;
        } catch (IOException e) {
            message += " (its standard error can't be read: " + e.getMessage() + ")";
        }
        return new WorkerException(WorkerException.Kind.DIED, message);
    }

    /** The first reason wins: one that refused the function ends as well. */
    private void end(IOException why) {
        CompletableFuture<JsonObject> pending;
        synchronized (this) {
            if (end == null) {
                end = why;
            }
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
