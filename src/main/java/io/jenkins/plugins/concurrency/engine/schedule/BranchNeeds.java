package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.List;

/**
 * What one branch of a run waits for.
 *
 * @param needs the indexes of the branches that must succeed before it starts
 * @param millis how long the branch took in earlier builds, in milliseconds; 0 if that is not known
 */
public record BranchNeeds(List<Integer> needs, long millis) {
    public BranchNeeds {
        needs = List.copyOf(needs);
    }

    /** A copy with a known time, in milliseconds. */
    public BranchNeeds taking(long newMillis) {
        return new BranchNeeds(needs, newMillis);
    }
}
