package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import java.util.List;

/**
 * Facts about a run for the pages of a build that are not in its journal. It stays with the build when the run's spec
 * is deleted, so it has no arguments, which may be secret.
 *
 * @param step the step's function name
 * @param name the step's label, one line
 * @param total how many branches there are; negative if only the agent knows
 * @param slots how many may be under way at once; 0 if only the agent knows
 * @param startMillis when the step was started, milliseconds since the epoch, by the controller's clock
 * @param needs what each of the branches waits for, by their indexes; empty where none waits
 */
public record RunDescription(
        String step, String name, int total, int slots, long startMillis, List<BranchNeeds> needs) {
}
