package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionWorker.WorkerException;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Runs each branch as a call of a Groovy function in one of several worker processes that stay up. A worker that dies
 * costs the branch that it worked on; another takes its place when one is needed.
 */
public final class FunctionAttempter implements Attempter<PoolBranch>, Closeable {

    private final String function;
    private final int workers;
    private final PoolHost host;
    private final String directory;
    private final String runId;
    private final SecretMask mask;
    private final Consumer<String> onRefused;

    /** Workers without a call, the last used on top. Guarded by this. */
    private final Deque<FunctionWorker> idle = new ArrayDeque<>();

    /** The numbers of the living workers. Guarded by this. */
    private final BitSet numbers = new BitSet();

    /** Guarded by this. */
    private boolean closed;

    /**
     * @param function Groovy source; its variables are {@code input} and {@code index}
     * @param workers how many calls there will be at once at most
     * @param directory where workers run, as the host names it
     * @param mask for what functions say
     * @param onRefused told in a few lines why the function does not compile: no branch can succeed then
     */
    public FunctionAttempter(
            @NonNull String function,
            int workers,
            @NonNull PoolHost host,
            @NonNull String directory,
            @NonNull String runId,
            @NonNull SecretMask mask,
            @NonNull Consumer<String> onRefused) {
        this.function = function;
        this.workers = workers;
        this.host = host;
        this.directory = directory;
        this.runId = runId;
        this.mask = mask;
        this.onRefused = onRefused;
    }

    @Override
    public Attempt attempt(PoolBranch branch, int number) {
        FunctionWorker worker;
        try {
            worker = borrow();
        } catch (HostException e) {
            return Attempt.ended(e.result());
        } catch (IOException e) {
            return Attempt.ended(AttemptResult.failed(ErrorType.CRASH, "can't start a worker: " + e.getMessage()));
        }
        return new Call(worker, branch);
    }

    private FunctionWorker borrow() throws IOException {
        int number;
        synchronized (this) {
            for (FunctionWorker worker; (worker = idle.pollLast()) != null; ) {
                if (worker.isUsable()) {
                    return worker;
                }
                numbers.clear(worker.number());
            }
            number = numbers.nextClearBit(1);
            numbers.set(number);
        }
        try {
            WorkerStart start = new WorkerStart(
                    number,
                    workers,
                    WorkerFrames.line(Map.of("function", function)),
                    directory,
                    PoolEnvironment.runCookie(runId),
                    PoolEnvironment.workerCookie());
            return FunctionWorker.start(number, host.start(start), mask);
        } catch (IOException e) {
            synchronized (this) {
                numbers.clear(number);
            }
            throw e;
        }
    }

    private void giveBack(FunctionWorker worker) {
        synchronized (this) {
            if (!closed && worker.isUsable()) {
                idle.addLast(worker);
                return;
            }
            numbers.clear(worker.number());
        }
        worker.close();
    }

    /** Lets the idle workers end. Call when no attempt is under way. */
    @Override
    public void close() {
        Deque<FunctionWorker> workers;
        synchronized (this) {
            closed = true;
            workers = new ArrayDeque<>(idle);
            idle.clear();
        }
        workers.forEach(FunctionWorker::close);
    }

    /** One call of the function. */
    private final class Call implements Attempt {

        private final FunctionWorker worker;
        private final CompletionStage<AttemptResult> result;

        /** Set by the first abort; completes when the worker is gone. Guarded by this. */
        private CompletionStage<Void> killed;

        /** The answer is there, and the worker may have the next call. Guarded by this. */
        private boolean settled;

        Call(FunctionWorker worker, PoolBranch branch) {
            this.worker = worker;
            this.result = worker.call(branch)
                    .handle(this::collect)
                    .thenCompose(collected -> killedOrNow().thenApply(ignored -> collected))
                    .whenComplete((collected, thrown) -> giveBack(worker));
        }

        @Override
        public CompletionStage<AttemptResult> result() {
            return result;
        }

        @Override
        public synchronized void abort() {
            if (killed == null && !settled) {
                killed = worker.kill();
            }
        }

        private synchronized CompletionStage<Void> killedOrNow() {
            settled = true;
            return killed == null ? CompletableFuture.completedFuture(null) : killed;
        }

        private AttemptResult collect(JsonObject answer, Throwable thrown) {
            if (thrown != null) {
                return failure(thrown instanceof CompletionException ? thrown.getCause() : thrown);
            }
            Map<String, Object> details = new LinkedHashMap<>();
            try {
                details.put(Detail.VALUE, answer.fields().get("value"));
                details.put(Detail.STDOUT, stdout(answer));
                details.put(Detail.WORKER, worker.number());
                if (answer.flag("truncated")) {
                    details.put(Detail.TRUNCATED, true);
                }
                if (!answer.has("error")) {
                    return new AttemptResult.Succeeded(details);
                }
                details.remove(Detail.VALUE);
                JsonObject error = answer.object("error");
                // Before it is cut to a message's length: half a secret would not be known as one.
                String message = mask.text(error.string("message"));
                BranchError failure = new BranchError(ErrorType.of(error.string("type")), message);
                return new AttemptResult.Failed(failure, AttemptResult.Retry.SENSIBLE, details);
            } catch (IOException | IllegalArgumentException e) {
                return AttemptResult.failed(ErrorType.PROTOCOL, "the worker's answer: " + e.getMessage());
            }
        }

        private String stdout(JsonObject answer) throws IOException {
            String text = answer.string("stdout");
            return answer.flag("truncated") ? mask.tail(text) : mask.text(text);
        }

        private AttemptResult failure(Throwable thrown) {
            if (thrown instanceof HostException failed) {
                return failed.result();
            }
            if (!(thrown instanceof WorkerException ended)) {
                return AttemptResult.failed(ErrorType.ERROR, thrown.toString());
            }
            return switch (ended.kind) {
                case REFUSED -> {
                    onRefused.accept(ended.getMessage());
                    yield AttemptResult.hopeless(ErrorType.INVALID, ended.getMessage());
                }
                case DIED -> AttemptResult.failed(ErrorType.CRASH, ended.getMessage());
                case NONSENSE -> AttemptResult.failed(ErrorType.PROTOCOL, ended.getMessage());
            };
        }
    }
}
