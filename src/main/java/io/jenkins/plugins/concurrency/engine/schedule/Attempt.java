package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A running attempt. */
public interface Attempt {

    /**
     * How the attempt ends. Completes when nothing of it is left: no process, no connection, no half-written file. An
     * exceptional completion is a defect and counts as a failure of type {@code error}.
     */
    CompletionStage<AttemptResult> result();

    /**
     * Stops the attempt: {@link #result()} completes within seconds, with whatever is known. May be called by any
     * thread, more than once, and after the end.
     */
    void abort();

    /** Makes an attempt of its parts. */
    static Attempt of(CompletionStage<AttemptResult> result, Runnable abort) {
        return new Attempt() {
            @Override
            public CompletionStage<AttemptResult> result() {
                return result;
            }

            @Override
            public void abort() {
                abort.run();
            }
        };
    }

    /** An attempt that has ended already. */
    static Attempt ended(AttemptResult result) {
        return of(CompletableFuture.completedFuture(result), () -> {});
    }

    /** The same attempt, with its result changed. */
    default Attempt mapResult(UnaryOperator<AttemptResult> mapping) {
        return of(result().thenApply(mapping), this::abort);
    }
}
