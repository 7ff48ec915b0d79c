package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;

/**
 * What is done with each thing that was fetched.
 *
 * @param pool who does it
 * @param policy retries and time limit of this part of a branch; whether its failures are fast the run's policy says
 */
public record ProcessingSpec(PoolSettings pool, BranchSettings policy) {
}
