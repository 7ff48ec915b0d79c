package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A script that is running. */
public interface RunningScript {

    /** Who ended a script. */
    enum Cause {
        /** It ended by itself, as far as is known here. */
        ITSELF,
        /** It was ended because it wrote more than it may. */
        TOO_LARGE,
        /** It was aborted while it ran; its exit code says nothing about its work. */
        ABORTED
    }

    /**
     * How a script ended.
     *
     * @param stdout the end of its standard output
     * @param stderr the end of its standard error
     * @param usage what it took
     * @param cause who ended it; the first, where there were several
     * @param outputs what the reader of its outputs has to say in its result
     */
    record End(
            int exitCode, OutputTail stdout, OutputTail stderr, ResourceUsage usage, Cause cause, Map<String, Object> outputs) {

        /** An end of which no more is known. */
        public End(int exitCode, OutputTail stdout, OutputTail stderr, Cause cause) {
            this(exitCode, stdout, stderr, ResourceUsage.UNKNOWN, cause, Map.of());
        }
    }

    /**
     * Completes when the script has ended and, if it was aborted, nothing that it has started is left. Fails with an
     * {@link java.io.IOException} if it could not be started or its end not be seen.
     */
    CompletionStage<End> end();

    /** Ends the script and all that it has started. May be called by any thread, more than once, and after the end. */
    void abort();
}
