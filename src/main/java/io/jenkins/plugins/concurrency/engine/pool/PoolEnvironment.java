package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;

/** The environment variables by which the processes of a run are known. */
public final class PoolEnvironment {

    /** The run's id, in all processes of a run. */
    public static final String RUN = "CONCURRENCY_STEPS_RUN";

    /** The run's id, a slash, and the branch's index from 0, in the processes of a command. */
    public static final String BRANCH = "CONCURRENCY_STEPS_BRANCH";

    private PoolEnvironment() {}

    /** What all processes of a run carry. */
    @NonNull
    public static ProcessCookie runCookie(@NonNull String runId) {
        return new ProcessCookie(RUN, runId);
    }

    /** What all processes of a branch carry. */
    @NonNull
    public static ProcessCookie branchCookie(@NonNull String runId, int index) {
        return new ProcessCookie(BRANCH, runId + "/" + index);
    }
}
