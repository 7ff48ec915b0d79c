package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.util.UUID;

/** The environment variables that identify the processes of a run. */
public final class PoolEnvironment {

    /** The run's id, in all processes of a run. */
    public static final String RUN = "CONCURRENCY_STEPS_RUN";

    /** The run's id, a slash, and the branch's index from 0, in the processes of a command. */
    public static final String BRANCH = "CONCURRENCY_STEPS_BRANCH";

    /** In a worker and what it starts: a value of its own. */
    public static final String WORKER = "CONCURRENCY_STEPS_WORKER";

    /** In a worker: the folder for what is too large for a line. */
    public static final String FILES = "CONCURRENCY_STEPS_FILES";

    private PoolEnvironment() {}

    /** What all processes of a run carry. */
    public static ProcessCookie runCookie(String runId) {
        return new ProcessCookie(RUN, runId);
    }

    /** What a worker and the processes that it starts carry, and no other worker, not even one of the same number. */
    public static ProcessCookie workerCookie() {
        return new ProcessCookie(WORKER, UUID.randomUUID().toString());
    }

    /** What all processes of a branch carry. */
    public static ProcessCookie branchCookie(String runId, int index) {
        return new ProcessCookie(BRANCH, runId + "/" + index);
    }
}
