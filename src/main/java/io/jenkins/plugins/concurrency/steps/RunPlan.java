package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.run.Work;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;

/**
 * What a step is to do, after its arguments have been checked. Lives until the run's files are written.
 *
 * @param label how the step presents itself
 * @param policy retries, time limit, fail-fast
 * @param work what the branches are
 * @param branches the branches themselves
 */
record RunPlan(
        @NonNull StepLabel label, @NonNull BranchPolicy policy, @NonNull Work work, @NonNull BranchList branches) {}
