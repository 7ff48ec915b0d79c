package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.UniqueFileNames;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.DependentBranches;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The successful results of an earlier run, by the definitions of their branches. Each result is used for one branch.
 * If several branches have the same definition, as many are skipped as have succeeded. Used by one thread.
 */
public final class EarlierResults {

    private final JournalIndex journal;
    private final Map<String, Deque<Integer>> indexes = new HashMap<>();

    private EarlierResults(JournalIndex journal) {
        this.journal = journal;
    }

    /**
     * If the run is to reuse an earlier run, writes that run's usable results into the journal.
     *
     * @param before what the run's journal has; afterwards also the reused results
     * @param isThere whether the files of an earlier fetch are what they were
     * @param isOver asked now and then whether to stop
     * @param sink writes the run's journal
     * @throws IOException if a file can't be read, or the journal not written
     */
    public static void reuse(
            RunFiles files,
            WorkSpec work,
            JournalIndex before,
            Predicate<Outcome> isThere,
            BooleanSupplier isOver,
            OutcomeSink sink)
            throws IOException {
        if (!Files.exists(files.earlier())) {
            return;
        }
        EarlierResults results = new EarlierResults(JournalIndex.read(files.earlier()));
        results.journal.forEach(results::add);
        BitSet reused = new BitSet();
        before.forEach(outcome -> { // a process before this one has used them
            if (outcome.details().containsKey(OutcomeDetail.REUSED)) {
                reused.set(outcome.index());
                results.poll((String) outcome.details().get(OutcomeDetail.DEFINITION));
            }
        });
        if (work instanceof WorkSpec.Fetch fetch) {
            UniqueFileNames names = new UniqueFileNames(fetch.settings());
            results.reuse(
                    BranchFile.read(files.branches(), names::read, before::hasEnded), ReuseKeys.of(fetch), isThere, isOver, sink);
        } else {
            results.reuse(
                    DependentBranches.open( // what needs a branch that has to run again runs again too
                            work.needs(),
                            leaveOut -> BranchFile.read(files.branches(), PoolBranch::fromJson, leaveOut),
                            before::hasEnded,
                            index -> reused.get(index) ? OutcomeStatus.SUCCEEDED : null,
                            skipped -> {}),
                    ReuseKeys.of((WorkSpec.Pool) work),
                    outcome -> true,
                    isOver,
                    sink);
        }
        before.refresh();
    }

    private void add(Outcome outcome) {
        if (outcome.status() == OutcomeStatus.SUCCEEDED
                && outcome.details().get(OutcomeDetail.DEFINITION) instanceof String definition) {
            indexes.computeIfAbsent(definition, absent -> new ArrayDeque<>(1)).add(outcome.index());
        }
    }

    /** The index of a result that has not been used; {@code null} if there is none. */
    @CheckForNull
    private Integer poll(@CheckForNull String definition) {
        Deque<Integer> same = definition == null ? null : indexes.get(definition);
        return same == null ? null : same.poll();
    }

    /** @param branches closed at the end */
    private <B extends Branch> void reuse(
            BranchSource<B> branches,
            ReuseKeys<B> definitions,
            Predicate<Outcome> isThere,
            BooleanSupplier isOver,
            OutcomeSink sink)
            throws IOException {
        try (branches) {
            for (B branch; !isOver.getAsBoolean() && (branch = branches.next()) != null; ) {
                Integer index = poll(definitions.of(branch));
                Outcome earlier = index == null ? null : journal.outcome(index);
                if (earlier != null && isThere.test(earlier)) {
                    Outcome reused = again(branch, earlier);
                    sink.ended(reused);
                    branches.ended(reused);
                }
            }
        }
    }

    private static Outcome again(Branch branch, Outcome earlier) {
        Map<String, Object> details = new LinkedHashMap<>(earlier.details());
        details.remove(OutcomeDetail.TRIES); // they are not of this run
        details.put(OutcomeDetail.REUSED, true);
        long now = System.currentTimeMillis();
        return new Outcome(branch.index(), branch.name(), OutcomeStatus.SUCCEEDED, null, 0, now, 0, details);
    }
}
