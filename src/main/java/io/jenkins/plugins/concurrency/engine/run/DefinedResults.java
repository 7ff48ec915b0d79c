package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Notes with what succeeded what it was to do, for later runs that are to do the same.
 *
 * @param <B> the kind of branch
 */
final class DefinedResults<B extends Branch> implements Attempter<B> {

    private final Attempter<B> attempter;
    private final Definitions<B> definitions;

    DefinedResults(Attempter<B> attempter, Definitions<B> definitions) {
        this.attempter = attempter;
        this.definitions = definitions;
    }

    @Override
    public Attempt attempt(B branch, int number) {
        return new MappedAttempt(attempter.attempt(branch, number), result -> defined(branch, result));
    }

    @Override
    public String groupOf(B branch) {
        return attempter.groupOf(branch);
    }

    private AttemptResult defined(B branch, AttemptResult result) {
        String definition = result instanceof AttemptResult.Succeeded ? definitions.of(branch) : null;
        if (definition == null) {
            return result;
        }
        Map<String, Object> details = new LinkedHashMap<>(result.details());
        details.put(Detail.DEFINITION, definition);
        return result.with(details);
    }
}
