package io.jenkins.plugins.concurrency.steps.log;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Hears what all steps count. Called by any thread and under a lock of the step, for a million branches of one step: so
 * it returns at once. After a restart it does not hear again of what it has heard before. Times come from agents and may
 * be anything.
 */
@Restricted(NoExternalUse.class)
public interface ProgressListener extends ExtensionPoint {

    /** Those of this Jenkins; none in a process without Jenkins. */
    static List<ProgressListener> all() {
        return Jenkins.getInstanceOrNull() == null ? List.of() : ExtensionList.lookup(ProgressListener.class);
    }

    /**
     * @param step the function of the step
     * @param isReused whether it is the outcome of an earlier build
     * @param waitedMillis from the first start of the step's branches that have ended so far to the start of this one, by
     *     the clocks of the machines that did the work
     */
    void branchEnded(String step, Outcome outcome, boolean isReused, long waitedMillis);

    /** @param heapBytes what the heap of a supervisor took of its machine's memory when a step ended */
    void supervisorHad(long heapBytes);
}
