package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.util.List;

/**
 * What a step is to do, after its arguments have been checked. Exists until the run's files are written.
 *
 * @param label the step's name and texts
 * @param policy retries, time limit, fail-fast
 * @param work what the branches are
 * @param branches the branches themselves
 * @param nodes the nodes that are to do it; {@code null} for where the step is
 * @param secrets names of the environment's variables whose values must not be shown
 */
public record RunPlan(
        StepLabel label,
        BranchSettings policy,
        WorkSpec work,
        BranchList branches,
        @CheckForNull NodesRequest nodes,
        List<String> secrets) {

    public RunPlan(StepLabel label, BranchSettings policy, WorkSpec work, BranchList branches) {
        this(label, policy, work, branches, null, List.of());
    }

    /** How many branches may be under way at once; 0 if that is not known here. */
    int slots() {
        return work.slots() * (nodes == null ? 1 : nodes.nodes());
    }

    /** The same on nodes of its own. */
    public RunPlan on(@CheckForNull NodesRequest newNodes) {
        return new RunPlan(label, policy, work, branches, newNodes, secrets);
    }

    /** The same work under names that give no secret away. */
    RunPlan hiding(ContextSecrets context) {
        return new RunPlan(
                label.masked(context.mask()),
                policy,
                work,
                branches.masked(context.mask()),
                nodes,
                context.names());
    }
}
