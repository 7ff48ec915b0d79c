package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;

/**
 * Counts an attempt that another process had begun, and nobody saw end, as any other: the branch is attempted again if
 * its retries allow that, and is lost otherwise.
 */
final class CountedAttempts implements Attempter<PoolBranch> {

    private final Attempter<PoolBranch> attempter;
    private final RetryPolicy retry;

    CountedAttempts(Attempter<PoolBranch> attempter, RetryPolicy retry) {
        this.attempter = attempter;
        this.retry = retry;
    }

    @Override
    public Attempt attempt(PoolBranch branch, int number) {
        if (number > 1 && !retry.allowsAnother(number - 1)) {
            return Attempt.ended(AttemptResult.lost("the task was under way when the controller stopped or its connection"
                    + " to the agent broke; how it ended is not known"));
        }
        return attempter.attempt(branch, number);
    }
}
