package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.util.UUID;

/** The environment variables that identify the processes of a run. */
public final class PoolEnvironment {

    /** In all processes of a run: the run's id. */
    public static final String RUN = "CONCURRENCY_STEPS_RUN";

    /** In the processes of a command: the run's id, a slash, and the branch's index from 0. */
    public static final String BRANCH = "CONCURRENCY_STEPS_BRANCH";

    /** In a worker and the processes that it starts: a random value for each worker. */
    public static final String WORKER = "CONCURRENCY_STEPS_WORKER";

    /** In a worker: the folder for values that are too large for a line. */
    public static final String FILES = "CONCURRENCY_STEPS_FILES";

    private PoolEnvironment() {}

    /** The variable that all processes of a run have. */
    public static ProcessCookie runCookie(String runId) {
        return new ProcessCookie(RUN, runId);
    }

    /**
     * A new variable for a worker and the processes that it starts. No other worker has the same value, not even a
     * later one with the same number.
     */
    public static ProcessCookie workerCookie() {
        return new ProcessCookie(WORKER, UUID.randomUUID().toString());
    }

    /** The variable that all processes of a branch have. */
    public static ProcessCookie branchCookie(String runId, int index) {
        return new ProcessCookie(BRANCH, runId + "/" + index);
    }
}
