package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.concurrent.CompletionStage;

/** The work of a run's branches, as the run controls it. Thread-safe. */
public interface ScheduleControl {

    /**
     * Starts the run and returns at once.
     *
     * @return completes when every branch has reached the sink, or after {@link #suspend} those that were under way;
     *     exceptionally, and also not before all attempts have ended, if the source or the sink failed
     */
    CompletionStage<OutcomeCounts> start();

    /**
     * Stops the attempts under way and starts no more; all branches that have not ended end as cancelled. The first
     * reason wins.
     *
     * @param why for users, one line
     */
    void cancel(String why);

    /**
     * Starts no more attempts; branches whose attempts are not under way end as cancelled. The first reason wins, but a
     * later {@link #cancel} stops the attempts too.
     *
     * @param why for users, one line
     */
    void halt(String why);

    /**
     * Stops the attempts under way and starts no more. These reach the sink, as cancelled unless they have ended after
     * all; branches that wait do not, and the source is not read to its end.
     */
    void suspend();
}
