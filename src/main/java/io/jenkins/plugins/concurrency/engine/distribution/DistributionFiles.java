package io.jenkins.plugins.concurrency.engine.distribution;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.UniqueFileNames;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptCounter;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.DependentBranches;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The files of a run on several nodes: its own, and a run directory for each node run.
 *
 * @param run with its spec and branches
 * @param total how many branches there are
 */
public record DistributionFiles(RunFiles run, RunSpec spec, int total) {

    /**
     * Opens the run, also one that has begun.
     *
     * @param nodes the largest number of nodes
     * @param before the branches that have ended
     * @param had the lines that were sent to nodes before the controller's restart
     * @throws IOException if the branches can't be read
     */
    public WorkDistributor open(int nodes, JournalIndex before, List<Feed.Line> had, OutcomeSink sink) throws IOException {
        BitSet ended = new BitSet();
        for (int index = 0; index < total; index++) {
            ended.set(index, before.hasEnded(index));
        }
        BitSet leftOut = (BitSet) ended.clone();
        had.forEach(line -> leftOut.set(line.index()));
        AttemptFile attempts = new AttemptFile(run.attempts());
        List<Outcome> skipped = new ArrayList<>();
        BranchSource<NodeAssignment.AssignedBranch> source = DependentBranches.open(
                spec.work().needs(),
                leaveOut -> BranchFile.read(run.branches(), parser(attempts), leaveOut),
                leftOut::get,
                before::status,
                skipped::add);
        WorkDistributor distributor = new WorkDistributor(
                spec, total, nodes, source, ended, before.count(OutcomeStatus.FAILED), attempts, sink);
        for (Outcome outcome : skipped) {
            distributor.record(outcome);
        }
        Outcome last = before.failed(spec.policy().failFast().of(total).failures());
        if (last != null) {
            distributor.failFast(last);
        }
        return distributor;
    }

    private BranchFile.Parser<NodeAssignment.AssignedBranch> parser(AttemptCounter attempts) {
        if (!(spec.work() instanceof WorkSpec.Fetch fetch)) {
            return (index, json) -> NodeAssignment.AssignedBranch.of(new Feed.Line(index, attempts.attempts(index), json.fields()));
        }
        // Names are chosen here: the name of a file depends on all branches before it, and no node sees all of them.
        UniqueFileNames names = new UniqueFileNames(fetch.settings());
        return (index, json) -> {
            FetchBranch branch = names.read(index, json);
            return NodeAssignment.AssignedBranch.of(new Feed.Line(index, attempts.attempts(index), branch.toJson()));
        };
    }

    /**
     * The run directory of a node run.
     *
     * @throws IOException if it can't be created
     */
    public RunFiles nodeRunFiles(String id) throws IOException {
        return new RunFiles(Files.createDirectories(nodeRunsDirectory(run).resolve(id)));
    }

    /** The folder with the run directories of a run's node runs. */
    public static Path nodeRunsDirectory(RunFiles run) {
        return run.directory().resolve("nodes");
    }

    /**
     * The spec of a node run.
     *
     * @param id of the node run
     * @param directory where it works
     * @param width how many branches it works on at once
     */
    public RunSpec nodeRunSpec(String id, String directory, int width) {
        BranchSettings policy = spec.policy();
        BranchSettings own = new BranchSettings(FailFast.NEVER, policy.retry(), policy.timeout(), policy.timeoutPercent());
        return new RunSpec(id, own, work(directory, width), spec.secrets(), spec.limits());
    }

    private WorkSpec work(String directory, int width) {
        if (spec.work() instanceof WorkSpec.Fetch fetch) {
            FetchSettings settings = fetch.settings();
            BodyStorage storage = settings.storage();
            ProcessingSpec process = fetch.process();
            return new WorkSpec.Fetch(
                    settings.with(new BodyStorage(
                            directory, null, storage.maxBytes(), storage.maxText(), storage.onExisting())),
                    null,
                    process == null ? null : process.in(directory));
        }
        return new WorkSpec.Pool(((WorkSpec.Pool) spec.work()).settings().in(directory, width));
    }
}
