package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.ArrayDeque;
import java.util.Deque;

/** Branches that share a limit. Fields are guarded by the scheduler's lock. */
final class Group<B extends Branch> {

    /** Attempts of this group under way. */
    int running;

    /** Branches that wait for one of those to end. */
    final Deque<Ticket<B>> parked = new ArrayDeque<>();

    /** Whether somebody will look when it is time for the next of them. */
    boolean watched;

    boolean isIdle() {
        return running == 0 && parked.isEmpty();
    }
}
