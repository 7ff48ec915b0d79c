package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;

/**
 * How fetched bodies are processed.
 *
 * @param pool the pool that processes them
 * @param policy retries and time limit of the processing; the run's policy decides about fail-fast
 */
public record ProcessingSpec(PoolSettings pool, BranchSettings policy) {

    /** The same somewhere else. */
    public ProcessingSpec in(String directory) {
        return new ProcessingSpec(pool.in(directory, pool.workers()), policy);
    }
}
