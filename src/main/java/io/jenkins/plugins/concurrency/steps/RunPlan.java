package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.run.Work;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;
import java.nio.file.Path;
import java.util.List;

/**
 * What a step is to do, after its arguments have been checked. Lives until the run's files are written.
 *
 * @param label how the step presents itself
 * @param policy retries, time limit, fail-fast
 * @param work what the branches are
 * @param branches the branches themselves
 * @param secrets names of the environment's variables whose values must not show up
 * @param earlier the journal of a run whose results are reused, or {@code null}
 */
record RunPlan(
        @NonNull StepLabel label,
        @NonNull BranchPolicy policy,
        @NonNull Work work,
        @NonNull BranchList branches,
        @NonNull List<String> secrets,
        @CheckForNull Path earlier) {

    RunPlan(@NonNull StepLabel label, @NonNull BranchPolicy policy, @NonNull Work work, @NonNull BranchList branches) {
        this(label, policy, work, branches, List.of(), null);
    }

    /** The same work under names that give no secret away. */
    @NonNull
    RunPlan hiding(@NonNull ContextSecrets context) {
        return new RunPlan(
                label.masked(context.mask()), policy, work, branches.masked(context.mask()), context.names(), earlier);
    }

    /** The same work but for what an earlier run has done. */
    @NonNull
    RunPlan reusing(@NonNull Path journal) {
        return new RunPlan(label, policy, work, branches, secrets, journal);
    }
}
