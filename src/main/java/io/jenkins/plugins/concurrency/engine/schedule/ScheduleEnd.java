package io.jenkins.plugins.concurrency.engine.schedule;

import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The result of a schedule: how its branches ended, or what broke it. Thread-safe. */
final class ScheduleEnd {

    private final CompletableFuture<OutcomeCounts> result = new CompletableFuture<>();

    // Guarded by this.
    private final Map<OutcomeStatus, Integer> counts = new EnumMap<>(OutcomeStatus.class);
    private Throwable defect;

    CompletionStage<OutcomeCounts> result() {
        return result;
    }

    synchronized void count(OutcomeStatus status) {
        counts.merge(status, 1, Integer::sum);
    }

    synchronized void fail(Throwable cause) {
        if (defect == null) {
            defect = cause;
        } else if (defect != cause) {
            defect.addSuppressed(cause);
        }
    }

    synchronized boolean isFailure() {
        return defect != null;
    }

    /** Closes the source and completes the result. */
    void close(Closeable source) {
        Throwable failure;
        OutcomeCounts tally;
        synchronized (this) {
            tally = new OutcomeCounts(
                    of(OutcomeStatus.SUCCEEDED), of(OutcomeStatus.FAILED), of(OutcomeStatus.CANCELLED));
            failure = defect;
        }
        try {
            source.close();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
        if (failure == null) {
            result.complete(tally);
        } else {
            result.completeExceptionally(failure);
        }
    }

    /** Guarded by this. */
    private int of(OutcomeStatus status) {
        return counts.getOrDefault(status, 0);
    }
}
