package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.pool.Slots;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives fetches numbers after those of a pool's workers, so that a timeline of both has a lane for each. */
final class FetchLanes implements Attempter<FetchBranch> {

    private final Attempter<FetchBranch> fetches;
    private final int workers;
    private final Slots slots = new Slots();

    FetchLanes(Attempter<FetchBranch> fetches, int workers) {
        this.fetches = fetches;
        this.workers = workers;
    }

    @Override
    public Attempt attempt(FetchBranch branch, int number) {
        int slot = slots.take();
        Attempt attempt = fetches.attempt(branch, number);
        attempt.result().whenComplete((result, thrown) -> slots.free(slot));
        return new MappedAttempt(attempt, result -> numbered(result, workers + slot));
    }

    @Override
    public String groupOf(FetchBranch branch) {
        return fetches.groupOf(branch);
    }

    private static AttemptResult numbered(AttemptResult result, int lane) {
        Map<String, Object> details = new LinkedHashMap<>(result.details());
        details.put(Detail.WORKER, lane);
        return result.with(details);
    }
}
