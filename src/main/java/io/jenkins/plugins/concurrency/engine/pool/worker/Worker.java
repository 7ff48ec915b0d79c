package io.jenkins.plugins.concurrency.engine.pool.worker;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.ResourceUsage;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A worker process, as the pool uses it. Has no thread of its own. */
final class Worker implements WorkerProcess.Listener {

    private static final int STDERR_LINES_IN_MESSAGE = 5;

    private final WorkerProtocol protocol;
    private final WorkerProcess process;
    private final SecretMask mask;
    private final FrameStream answers;
    private final WorkerMeter meter;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();

    // Guarded by this.
    private final PendingCalls calls = new PendingCalls();
    private IOException end;
    private boolean isReady;

    /** Whether a call did not end when it was cancelled. Then the process ends as soon as it has no other call. */
    private boolean draining;

    /** Set by the first kill. Completes when all processes of the worker have ended. */
    private CompletableFuture<Void> killed;

    private Worker(WorkerProtocol protocol, WorkerProcess process, SecretMask mask) {
        this.protocol = protocol;
        this.process = process;
        this.mask = mask;
        this.meter = new WorkerMeter(process);
        this.answers = new FrameStream(this::answered, this::kill, mask);
        if (protocol.opening() == null) {
            isReady = true;
            opened.complete(null);
        }
    }

    /** Listens to a new process, and returns at once. The host that started it sends the opening. */
    static Worker start(WorkerProtocol protocol, WorkerProcess process, SecretMask mask) {
        Worker worker = new Worker(protocol, process, mask);
        process.listen(worker);
        return worker;
    }

    synchronized boolean isUsable() {
        return end == null && killed == null && !draining && answers.failure() == null && process.isAlive();
    }

    /** Completes when the worker accepts requests, or has ended before that. */
    CompletionStage<Void> opened() {
        return opened;
    }

    /**
     * Sends a request to a worker that is {@linkplain #opened opened}. The call's answer fails with an
     * {@link IOException} if the worker gives none.
     */
    WorkerCall call(PoolBranch branch) {
        WorkerCall call;
        synchronized (this) {
            if (end != null) {
                return WorkerCall.failed(end, isReady);
            }
            call = calls.add();
        }
        send(call, branch);
        return call;
    }

    private void send(WorkerCall call, PoolBranch branch) {
        try {
            process.send(line(call, branch));
        } catch (IOException | RuntimeException e) {
            // The process has ended, or will never read the call.
            call.notTaken();
            kill();
        }
    }

    private String line(WorkerCall call, PoolBranch branch) throws IOException {
        String line = WorkerFrames.line(call.numbered(protocol.request(branch)));
        if (WorkerFrames.fits(line, WorkerFrames.MAX_INLINE)) {
            return line;
        }
        String path = process.files().write(call.takeFile(), protocol.fileText(branch));
        return WorkerFrames.line(call.numbered(protocol.request(branch, path)));
    }

    /**
     * Aborts a call. A worker that has only one call at a time is killed. Otherwise the worker is asked to cancel the
     * call. If it does not, it gets no more calls, and is killed after the others.
     */
    void abort(WorkerCall call) {
        if (protocol.callsAtOnce() == 1) {
            kill();
            return;
        }
        try {
            process.send(WorkerFrames.line(call.numbered(Map.of("cancel", true))));
        } catch (IOException e) {
            kill();
            return;
        }
        Executor later = CompletableFuture.delayedExecutor(ProcessKiller.GRACE.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture.runAsync(() -> giveUp(call), later);
    }

    private void giveUp(WorkerCall call) {
        synchronized (this) {
            if (!calls.giveUp(call)) {
                return;
            }
            draining = true;
        }
        killIfDrained();
    }

    private void killIfDrained() {
        boolean drained;
        synchronized (this) {
            drained = draining && calls.areAllGivenUp();
        }
        if (drained) {
            kill();
        }
    }

    /** Ends the process and all processes that it started. Completes when they have ended. */
    CompletionStage<Void> kill() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        synchronized (this) {
            if (killed != null) {
                return killed;
            }
            killed = gone;
        }
        process.kill().whenComplete((nothing, thrown) -> gone.complete(null));
        return gone;
    }

    /** Closes the process' input, so that it ends by itself. Kills it if it does not. Call when it has no calls. */
    void close() {
        process.close();
        Executor later = CompletableFuture.delayedExecutor(ProcessKiller.GRACE.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture.runAsync(this::killIfAlive, later);
    }

    private void killIfAlive() {
        if (process.isAlive()) {
            kill();
        }
    }

    /** The resources of the call that was answered last; unknown if several calls share the process. */
    ResourceUsage usageOfCall() {
        return protocol.callsAtOnce() == 1 ? meter.ofCall() : ResourceUsage.UNKNOWN;
    }

    /** The worker's files, for values that are too large for a line. */
    WorkerFiles files() {
        return process.files();
    }

    /** Removes the files of a call. */
    void clean(WorkerCall call) {
        if (call.file() != null) {
            process.files().delete(call.file());
        }
    }

    /** Reads a file that an answer names, and removes it. */
    byte[] takeFile(String name) throws IOException {
        try {
            return process.files().read(name, WorkerFrames.MAX_VALUE);
        } finally {
            process.files().delete(name);
        }
    }

    @Override
    public OutputStream answers() {
        return answers;
    }

    private void answered(JsonObject frame) throws IOException {
        if (opened.isDone()) {
            WorkerCall call;
            synchronized (this) {
                call = calls.take(frame);
            }
            if (call != null) {
                afterKill(() -> call.answered(frame));
                killIfDrained();
            }
        } else if (frame.has("refused")) {
            end(new WorkerCall.WorkerException(WorkerCall.WorkerException.Kind.REFUSED, mask.text(frame.string("refused"))));
        } else {
            synchronized (this) {
                isReady = true;
            }
            opened.complete(null);
        }
    }

    /** Waits for a kill that has begun: when a call ends, nothing of it may still run. */
    private void afterKill(Runnable action) {
        CompletableFuture<Void> killing;
        synchronized (this) {
            killing = killed;
        }
        if (killing == null) {
            action.run();
        } else {
            killing.thenRun(action);
        }
    }

    @Override
    public void ended(int exitCode) {
        String nonsense = answers.failure();
        WorkerCall.WorkerException why =
                nonsense == null ? died(exitCode) : new WorkerCall.WorkerException(WorkerCall.WorkerException.Kind.NONSENSE, nonsense);
        afterKill(() -> end(why));
    }

    @Override
    public void failed(IOException cause) {
        end(cause);
    }

    private WorkerCall.WorkerException died(int exitCode) {
        String message = "the worker process ended with exit code " + exitCode + " during the call";
        try {
            OutputTail errors = process.errors();
            String text = errors.truncated() ? mask.tail(errors.text()) : mask.text(errors.text());
            String tail = new OutputTail(text, false).lastLines(STDERR_LINES_IN_MESSAGE);
            message += tail.isEmpty() ? "" : ": " + tail;
        } catch (IOException e) {
            message += " (its standard error can't be read: " + e.getMessage() + ")";
        }
        return new WorkerCall.WorkerException(WorkerCall.WorkerException.Kind.DIED, message);
    }

    /** The first reason counts: a worker that refused the function ends as well. */
    private void end(IOException why) {
        List<WorkerCall> ended;
        IOException first;
        synchronized (this) {
            if (end == null) {
                end = why;
            }
            first = end;
            ended = calls.takeAll();
        }
        opened.complete(null);
        ended.forEach(call -> call.end(first));
    }

    /**
     * Measures the resources of each call of a worker that has one call at a time. Systems count in steps, and
     * measuring takes longer than many calls. So the processor time of fast calls is added to the next call that is
     * measured. Not thread-safe.
     */
    private static final class WorkerMeter {

        private static final long LEAST_NANOS = 20_000_000;

        private final WorkerProcess process;
        private long readNanos = System.nanoTime();
        private long cpuMillis;

        WorkerMeter(WorkerProcess process) {
            this.process = process;
        }

        /** The resources of the last call; unknown if it was too fast to be measured. */
        ResourceUsage ofCall() {
            long now = System.nanoTime();
            if (now - readNanos < LEAST_NANOS) {
                return ResourceUsage.UNKNOWN;
            }
            readNanos = now;
            ResourceUsage soFar = process.usage();
            if (soFar.cpuMillis() == null) {
                return soFar;
            }
            long before = cpuMillis;
            cpuMillis = soFar.cpuMillis();
            return new ResourceUsage(Math.max(0, cpuMillis - before), soFar.maxRssKb());
        }
    }
}
