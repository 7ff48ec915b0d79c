package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.nodes.NodesRequest;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import io.jenkins.plugins.concurrency.steps.parameter.BranchList;
import io.jenkins.plugins.concurrency.steps.secret.ContextSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * What a step has to do, after its arguments have been checked. Exists until the run's files are written.
 *
 * @param label the step's name and texts
 * @param policy retries, time limit, fail-fast
 * @param work the kind of work and its settings
 * @param branches the branches themselves
 * @param nodes the nodes that do the work; {@code null} if it is done where the step is called
 * @param secrets names of the environment's variables with secret values
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

    /** Writes the run's input into its directory. Called by the CPS thread. */
    void write(RunFiles files, String runId) throws IOException {
        Files.createDirectories(files.directory());
        branches.writeTo(files.branches());
        if (nodes != null) {
            nodes.write(files);
        }
        files.writeSpec(new RunSpec(runId, policy, work, secrets, ConcurrencyConfiguration.get().runLimits()));
        int slots = work.slots() * (nodes == null ? 1 : nodes.nodes());
        files.writeDescription(
                new RunDescription(
                        label.function(), label.text(), branches.size(), slots, System.currentTimeMillis(), work.needs()));
    }

    /** A copy for other nodes. */
    public RunPlan on(@CheckForNull NodesRequest newNodes) {
        return new RunPlan(label, policy, work, branches, newNodes, secrets);
    }

    /** Adds the times of branches in earlier builds to the run's spec, if some branches need others. Reads these builds. */
    void addTimes(RunFiles files, Run<?, ?> build) throws IOException {
        List<BranchNeeds> needs = work.needs();
        if (!needs.isEmpty()) {
            RunSpec spec = files.readSpec();
            WorkSpec timed = ((WorkSpec.Pool) work).with(EarlierBuild.timed(needs, branches.names(), build, label));
            files.writeSpec(new RunSpec(spec.id(), policy, timed, secrets, spec.limits()));
        }
    }

    /** A copy without secrets in names. */
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
