package io.jenkins.plugins.concurrency.engine.schedule;

import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.IOException;

/** Receives the outcome of each branch once, in the order in which branches end, from any thread. */
@FunctionalInterface
public interface OutcomeSink {

    /**
     * Records an outcome.
     *
     * @throws IOException if it can't be recorded; the run ends then, because unrecorded work would be lost
     */
    void ended(Outcome outcome) throws IOException;
}
