package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A script that is running. */
public interface RunningScript {

    /** Why a script ended. */
    enum Cause {
        /** It ended by itself, as far as this process knows. */
        ITSELF,
        /** It was killed because it wrote more than is allowed. */
        TOO_LARGE,
        /** It was aborted while it ran. Its exit code says nothing about its work. */
        ABORTED
    }

    /**
     * How a script ended.
     *
     * @param stdout the end of its standard output
     * @param stderr the end of its standard error
     * @param usage the resources that it used
     * @param cause why it ended; the first cause if there were several
     * @param outputs the details that the reader of its outputs adds to the result
     */
    record End(
            int exitCode, OutputTail stdout, OutputTail stderr, ResourceUsage usage, Cause cause, Map<String, Object> outputs) {

        /** An end without usage and details. */
        public End(int exitCode, OutputTail stdout, OutputTail stderr, Cause cause) {
            this(exitCode, stdout, stderr, ResourceUsage.UNKNOWN, cause, Map.of());
        }
    }

    /**
     * Completes when the script has ended. If it was aborted, all processes that it started have ended too. Fails with
     * an {@link java.io.IOException} if the script did not start, or if it is not known how it ended.
     */
    CompletionStage<End> end();

    /**
     * Ends the script and all processes that it started. May be called by any thread, more than once, and after the
     * end.
     */
    void abort();
}
