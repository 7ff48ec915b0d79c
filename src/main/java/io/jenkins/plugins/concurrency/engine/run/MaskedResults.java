package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.util.Map;

/**
 * Hides secrets in what attempts yield, before anybody looks how large that is.
 *
 * @param <B> the kind of branch
 */
final class MaskedResults<B extends Branch> implements Attempter<B> {

    private final SecretMask mask;
    private final Attempter<B> attempter;

    private MaskedResults(SecretMask mask, Attempter<B> attempter) {
        this.mask = mask;
        this.attempter = attempter;
    }

    /** The attempter itself where there is nothing to hide. */
    static <B extends Branch> Attempter<B> of(SecretMask mask, Attempter<B> attempter) {
        return mask == SecretMask.NONE ? attempter : new MaskedResults<>(mask, attempter);
    }

    @Override
    public Attempt attempt(B branch, int number) {
        return new MappedAttempt(attempter.attempt(branch, number), this::masked);
    }

    @Override
    public String groupOf(B branch) {
        return attempter.groupOf(branch);
    }

    private AttemptResult masked(AttemptResult result) {
        Map<String, Object> details = mask.details(result.details());
        if (result instanceof AttemptResult.Failed failed) {
            BranchError error = new BranchError(failed.error().type(), mask.text(failed.error().message()));
            return new AttemptResult.Failed(error, failed.retry(), details);
        }
        return result.with(details);
    }
}
