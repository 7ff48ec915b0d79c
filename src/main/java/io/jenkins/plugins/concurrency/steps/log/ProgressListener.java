package io.jenkins.plugins.concurrency.steps.log;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.util.List;
import jenkins.model.Jenkins;

/**
 * Hears what all steps count. Called by any thread and under a lock of the step, for a million branches of one step: so
 * it returns at once. After a restart it hears again of the branches that ended before.
 */
public interface ProgressListener extends ExtensionPoint {

    /** Those of this Jenkins; none in a process without Jenkins. */
    static List<ProgressListener> all() {
        return Jenkins.getInstanceOrNull() == null ? List.of() : ExtensionList.lookup(ProgressListener.class);
    }

    /**
     * @param step the function of the step
     * @param isReused whether it is the outcome of an earlier build
     * @param waitedMillis from the start of the step's first branch to the start of this one
     */
    void branchEnded(String step, Outcome outcome, boolean isReused, long waitedMillis);

    /** @param heapBytes what the heap of a supervisor took of its machine's memory when a step ended */
    void supervisorHad(long heapBytes);
}
