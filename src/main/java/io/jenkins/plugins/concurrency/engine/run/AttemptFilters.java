package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.WorkerSlots;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The filters between an attempter and the scheduler, through which attempts and their results pass. */
final class AttemptFilters {

    private static final int ENDED_BY_SIGTERM = 128 + 15;

    private static final long HOLD_MILLIS = 500;

    private AttemptFilters() {}

    /**
     * The last filters of every run, in this order: results of SIGTERM are delayed, secrets are hidden, and then the
     * size is checked, because the mask changes it.
     */
    static <B extends Branch> Attempter<B> scheduled(Attempter<B> attempter, SecretMask mask) {
        return BoundedResults.of(masked(signalled(attempter), mask));
    }

    private static <B extends Branch> Attempter<B> masked(Attempter<B> attempter, SecretMask mask) {
        return mask == SecretMask.NONE ? attempter : attempter.mapResult((branch, result) -> masked(result, mask));
    }

    private static AttemptResult masked(AttemptResult result, SecretMask mask) {
        Map<String, Object> details = mask.details(result.details());
        if (result instanceof AttemptResult.Failed failed) {
            BranchError error = new BranchError(failed.error().type(), mask.text(failed.error().message()));
            return new AttemptResult.Failed(error, failed.retry(), details);
        }
        return result.with(details);
    }

    /** Adds to each success the key of its branch, by which later runs recognise the same work. */
    static <B extends Branch> Attempter<B> defined(Attempter<B> attempter, ReuseKeys<B> definitions) {
        return attempter.mapResult((branch, result) -> {
            String definition = result instanceof AttemptResult.Succeeded ? definitions.of(branch) : null;
            return definition == null ? result : with(result, OutcomeDetail.DEFINITION, definition);
        });
    }

    /** Gives fetches numbers after those of a pool's workers, so that a timeline of both has a row for each. */
    static Attempter<FetchBranch> numbered(Attempter<FetchBranch> fetches, int workers) {
        WorkerSlots slots = new WorkerSlots();
        return fetches.by((branch, number) -> {
            int slot = slots.take();
            Attempt attempt = fetches.attempt(branch, number);
            attempt.result().whenComplete((result, thrown) -> slots.free(slot));
            return attempt.mapResult(result -> with(result, OutcomeDetail.WORKER, workers + slot));
        });
    }

    private static AttemptResult with(AttemptResult result, String detail, Object value) {
        Map<String, Object> details = new LinkedHashMap<>(result.details());
        details.put(detail, value);
        return result.with(details);
    }

    /**
     * Counts an attempt that another process had started and whose end is unknown. The branch is attempted again if its
     * retries allow that. Otherwise it is lost.
     */
    static Attempter<PoolBranch> counted(Attempter<PoolBranch> attempter, RetryPolicy retry) {
        return attempter.by((branch, number) -> number > 1 && !retry.allowsAnother(number - 1)
                ? Attempt.ended(AttemptResult.lost("the task was under way when the controller stopped or its connection"
                        + " to the agent broke; how it ended is not known"))
                : attempter.attempt(branch, number));
    }

    /**
     * Delays results that ended by SIGTERM. A machine that shuts down sends it to all processes at once. This process
     * may see the end of a command before it gets its own signal. Then the command did not fail: it is suspended.
     */
    private static <B extends Branch> Attempter<B> signalled(Attempter<B> attempter) {
        return attempter.by((branch, number) -> held(attempter.attempt(branch, number)));
    }

    private static Attempt held(Attempt attempt) {
        CompletableFuture<Void> aborted = new CompletableFuture<>();
        CompletionStage<AttemptResult> result = attempt.result().thenCompose(ended -> isSuspicious(ended)
                ? aborted.completeOnTimeout(null, HOLD_MILLIS, TimeUnit.MILLISECONDS).thenApply(ignored -> ended)
                : CompletableFuture.completedFuture(ended));
        return Attempt.of(result, () -> {
            aborted.complete(null);
            attempt.abort();
        });
    }

    private static boolean isSuspicious(AttemptResult result) {
        return result instanceof AttemptResult.Failed failed
                && (failed.error().type() == ErrorType.CRASH
                        || Integer.valueOf(ENDED_BY_SIGTERM).equals(failed.details().get(OutcomeDetail.EXIT_CODE)));
    }
}
