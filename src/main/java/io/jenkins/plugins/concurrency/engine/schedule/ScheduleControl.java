package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.concurrent.CompletionStage;

/** The work of a run's branches, as the run controls it. Thread-safe. */
public interface ScheduleControl {

    /**
     * Starts the run and returns at once.
     *
     * @return completes when every branch has reached the sink, or after {@link #suspend} every branch that was
     *     running. Fails if the source or the sink failed, but also not before all attempts have ended
     */
    CompletionStage<OutcomeCounts> start();

    /**
     * Aborts the running attempts and starts no more. All branches that have not ended end as cancelled. The first
     * reason counts.
     *
     * @param why for users, one line
     */
    void cancel(String why);

    /**
     * Starts no more attempts. Branches without a running attempt end as cancelled. The first reason counts, but a
     * later {@link #cancel} also aborts the running attempts.
     *
     * @param why for users, one line
     */
    void halt(String why);

    /**
     * Aborts the running attempts and starts no more. The branches of these attempts reach the sink. They are
     * cancelled, unless they ended before they could be aborted. Waiting branches do not reach the sink, and the source
     * is not read to its end.
     */
    void suspend();
}
