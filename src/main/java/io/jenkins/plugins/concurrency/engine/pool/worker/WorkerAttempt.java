package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One call under way. */
final class WorkerAttempt implements Attempt {

    /** How often a worker may be gone before it has read the call. */
    private static final int MAX_WORKERS = 5;

    private final WorkerPool pool;
    private final PoolBranch branch;
    private final WorkerAnswers answers;
    private final Runnable beforeEnd;
    private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

    // Guarded by this.
    private WorkerPool.Member member;
    private WorkerCall call;
    private int workers;
    private boolean aborted;
    private boolean settled;

    /**
     * Sends the call.
     *
     * @param beforeEnd run once, before anybody hears of the end
     */
    WorkerAttempt(
            @NonNull WorkerPool pool,
            @NonNull WorkerPool.Member member,
            @NonNull PoolBranch branch,
            @NonNull WorkerAnswers answers,
            @NonNull Runnable beforeEnd) {
        this.pool = pool;
        this.branch = branch;
        this.answers = answers;
        this.beforeEnd = beforeEnd;
        callBy(member);
    }

    private void callBy(WorkerPool.Member borrowed) {
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
        sent.answer().whenComplete((answer, thrown) -> ended(borrowed, sent, answer, cause(thrown)));
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException ? thrown.getCause() : thrown;
    }

    private void ended(WorkerPool.Member by, WorkerCall ended, JsonObject answer, Throwable thrown) {
        by.worker().clean(ended);
        if (thrown instanceof WorkerException gone && gone.kind() == WorkerException.Kind.NOT_TAKEN && mayAskAnother()) {
            askAnother(by);
            return;
        }
        boolean wasAborted = settle();
        AttemptResult collected = thrown == null ? answers.result(answer, by.worker()) : answers.failure(thrown);
        if (wasAborted) {
            by.worker().abort(ended); // as whoever aborts does, perhaps only now: nobody else may have the worker then
        }
        pool.giveBack(by);
        // What was told to stop may have answered as if it had not been: its answer says nothing then.
        end(wasAborted ? AttemptResult.aborted(collected.details()) : collected);
    }

    /** From now on there is nothing to abort; tells whether it was done before. */
    private synchronized boolean settle() {
        settled = true;
        return aborted;
    }

    private void end(AttemptResult collected) {
        beforeEnd.run();
        result.complete(collected);
    }

    private synchronized boolean mayAskAnother() {
        return !aborted && workers < MAX_WORKERS;
    }

    private void askAnother(WorkerPool.Member gone) {
        pool.giveBack(gone);
        try {
            callBy(pool.borrow());
        } catch (IOException e) {
            settle();
            end(answers.failure(e));
        }
    }

    @Override
    public CompletionStage<AttemptResult> result() {
        return result;
    }

    @Override
    public void abort() {
        WorkerPool.Member by;
        WorkerCall current;
        synchronized (this) {
            if (aborted || settled) {
                return;
            }
            aborted = true;
            by = member;
            current = call;
        }
        by.worker().abort(current);
    }
}
