package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.Serializable;
import java.util.Map;

/** A branch of a {@code gather} that has not ended. Part of a Pipeline's program state; for its CPS thread only. */
final class GatherBranch implements Serializable {

    private static final long serialVersionUID = 1;

    private final int index;
    private final String name;
    private final Closure<?> work;
    private final Map<String, Object> cell;

    private int attempts;
    private long startMillis;
    private long dueMillis;

    GatherBranch(int index, String name, Closure<?> work, @CheckForNull Map<String, Object> cell) {
        this.index = index;
        this.name = name;
        this.work = work;
        this.cell = cell;
    }

    /** The position in the map of branches, from 0. */
    int index() {
        return index;
    }

    String name() {
        return name;
    }

    /** The closure that one attempt runs. */
    Closure<?> work() {
        return GatherClosure.closure(work, cell);
    }

    /** How many attempts were started. */
    int attempts() {
        return attempts;
    }

    /** When the first attempt started, in milliseconds since the epoch; 0 before that. */
    long startMillis() {
        return startMillis;
    }

    /** When the next attempt may start, in milliseconds since the epoch. */
    long dueMillis() {
        return dueMillis;
    }

    void attemptStarts(long now) {
        if (attempts++ == 0) {
            startMillis = now;
        }
    }

    void postponeTo(long millis) {
        dueMillis = millis;
    }

    /** The outcome, if the branch ends now. */
    Outcome outcome(OutcomeStatus status, @CheckForNull BranchError error, Map<String, Object> details) {
        long now = System.currentTimeMillis();
        long start = attempts == 0 ? now : startMillis;
        return new Outcome(index, name, status, error, attempts, start, now - start, details);
    }
}
