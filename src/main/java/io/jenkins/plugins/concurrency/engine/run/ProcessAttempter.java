package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Passes fetched bodies to a pool: the path of the file to commands, a map to others. Results have both parts.
 *
 * @param wantsFiles whether the pool runs commands
 */
record ProcessAttempter(FetchedItems items, Attempter<PoolBranch> pool, boolean wantsFiles)
        implements Attempter<FetchedBranch> {

    @Override
    public Attempt attempt(FetchedBranch branch, int number) {
        Map<String, Object> fetched;
        try {
            fetched = FetchedDetails.of(items.read(branch.index()));
        } catch (IOException e) {
            return Attempt.ended(AttemptResult.permanentFailure(
                    ErrorType.ERROR, "can't read the fetched body: " + FailureText.of(e)));
        }
        if (wantsFiles && !fetched.containsKey(OutcomeDetail.PATH)) {
            String problem = "the body is in no file that the command could read; give 'toDir', or a 'file' to the request";
            return Attempt.ended(AttemptResult.permanentFailure(ErrorType.INVALID, problem).with(fetched));
        }
        Object input = wantsFiles ? fetched.get(OutcomeDetail.PATH) : input(branch, fetched);
        Attempt attempt = pool.attempt(new PoolBranch(branch.index(), branch.name(), null, input), number);
        return attempt.mapResult(result -> merge(fetched, result));
    }

    /** With the names that scripts know. */
    private static Map<String, Object> input(FetchedBranch branch, Map<String, Object> fetched) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("name", branch.name());
        fetched.forEach((name, value) -> input.put(name.equals(OutcomeDetail.STATUS) ? "status" : name, value));
        input.remove(OutcomeDetail.DEFINITION);
        return input;
    }

    private static AttemptResult merge(Map<String, Object> fetched, AttemptResult result) {
        Map<String, Object> details = new LinkedHashMap<>(fetched);
        details.putAll(result.details());
        return result.with(details);
    }
}
