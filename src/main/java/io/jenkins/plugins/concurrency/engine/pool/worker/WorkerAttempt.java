package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A running call. */
final class WorkerAttempt implements Attempt {

    /** How many workers an attempt asks, if each ends before it has read the call. */
    private static final int MAX_WORKERS = 5;

    private final WorkerPool pool;
    private final PoolBranch branch;
    private final Function<WorkerPool.Member, WorkerAnswers> answers;
    private final Runnable beforeEnd;
    private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

    // Guarded by this.
    private CompletableFuture<WorkerPool.Member> loan;
    private WorkerPool.Member member;
    private WorkerCall call;
    private int workers;
    private boolean aborted;
    private boolean settled;

    /**
     * Makes a call; {@link #askWorker} sends it.
     *
     * @param answers handles the worker's answer to this call
     * @param beforeEnd runs once, when there is an answer or there will be none, before that becomes the result
     */
    WorkerAttempt(
            WorkerPool pool,
            PoolBranch branch,
            Function<WorkerPool.Member, WorkerAnswers> answers,
            Runnable beforeEnd) {
        this.pool = pool;
        this.branch = branch;
        this.answers = answers;
        this.beforeEnd = beforeEnd;
    }

    /** Sends the call as soon as a worker is free. */
    void askWorker() {
        CompletableFuture<WorkerPool.Member> wanted = pool.borrow();
        boolean abort;
        synchronized (this) {
            loan = wanted;
            abort = aborted;
        }
        if (abort) {
            wanted.cancel(false);
        }
        wanted.whenComplete((borrowed, thrown) -> {
            if (thrown == null) {
                callBy(borrowed);
            } else {
                result.complete(markSettled() ? AttemptResult.aborted(Map.of()) : WorkerAnswers.notStarted(thrown));
            }
        });
    }

    private void callBy(WorkerPool.Member borrowed) {
        WorkerAnswers understood = answers.apply(borrowed);
        WorkerCall sent = borrowed.worker().call(branch);
        boolean abort;
        synchronized (this) {
            member = borrowed;
            call = sent;
            workers++;
            abort = aborted;
        }
        if (abort) {
            borrowed.worker().abort(sent);
        }
        sent.answer().whenComplete((answer, thrown) -> ended(borrowed, sent, understood, answer, cause(thrown)));
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException ? thrown.getCause() : thrown;
    }

    private void ended(
            WorkerPool.Member by, WorkerCall ended, WorkerAnswers understood, JsonObject answer, @CheckForNull Throwable thrown) {
        by.worker().clean(ended);
        if (thrown instanceof WorkerCall.WorkerException gone && gone.kind() == WorkerCall.WorkerException.Kind.NOT_TAKEN && mayAskAnother()) {
            pool.returnWorker(by);
            askWorker();
            return;
        }
        boolean wasAborted = markSettled();
        AttemptResult collected = thrown == null ? understood.result(answer, by.worker()) : understood.failure(thrown);
        if (wasAborted) {
            by.worker().abort(ended); // now, before another call gets the worker: the thread in abort() may be late
        }
        pool.returnWorker(by);
        // A cancelled call may still be answered. The answer is ignored.
        result.complete(wasAborted ? AttemptResult.aborted(collected.details()) : collected);
    }

    /** From now on the call can't be aborted. Returns whether it was aborted before. */
    private boolean markSettled() {
        beforeEnd.run();
        synchronized (this) {
            settled = true;
            return aborted;
        }
    }

    private synchronized boolean mayAskAnother() {
        return !aborted && workers < MAX_WORKERS;
    }

    @Override
    public CompletionStage<AttemptResult> result() {
        return result;
    }

    @Override
    public void abort() {
        CompletableFuture<WorkerPool.Member> wanted;
        WorkerPool.Member by;
        WorkerCall current;
        synchronized (this) {
            if (aborted || settled) {
                return;
            }
            aborted = true;
            wanted = loan;
            by = member;
            current = call;
        }
        if (wanted != null) {
            wanted.cancel(false); // has no effect if there is a worker already
        }
        if (current != null) {
            by.worker().abort(current);
        }
    }
}
