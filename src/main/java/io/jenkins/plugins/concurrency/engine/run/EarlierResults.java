package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The results that succeeded in an earlier run, by the definitions of their branches. Each counts for one branch: if
 * several have the same definition, only as many are skipped as were done. Used by one thread.
 */
final class EarlierResults {

    private final JournalIndex journal;
    private final Map<String, Deque<Integer>> indexes = new HashMap<>();

    private EarlierResults(JournalIndex journal) {
        this.journal = journal;
    }

    /**
     * Reads the journal of the earlier run.
     *
     * @throws IOException if it can't be read
     */
    static EarlierResults read(Path file) throws IOException {
        EarlierResults results = new EarlierResults(JournalIndex.read(file));
        results.journal.forEach(results::add);
        return results;
    }

    private void add(Outcome outcome) {
        if (outcome.status() == OutcomeStatus.SUCCEEDED
                && outcome.details().get(OutcomeDetail.DEFINITION) instanceof String definition) {
            indexes.computeIfAbsent(definition, absent -> new ArrayDeque<>(1)).add(outcome.index());
        }
    }

    /**
     * Takes for those branches that can do with it what the earlier run has.
     *
     * @param branches closed at the end
     * @param isThere whether the files of an earlier outcome are what they were
     * @param isOver asked now and then whether the rest does not matter any more
     * @param sink gets the outcomes
     */
    <B extends Branch> void reuse(
            BranchSource<B> branches,
            ReuseKeys<B> definitions,
            Predicate<Outcome> isThere,
            BooleanSupplier isOver,
            OutcomeSink sink)
            throws IOException {
        try (branches) {
            for (B branch; !isOver.getAsBoolean() && (branch = branches.next()) != null; ) {
                String definition = definitions.of(branch);
                Deque<Integer> same = definition == null ? null : indexes.get(definition);
                Integer index = same == null ? null : same.poll();
                Outcome earlier = index == null ? null : journal.outcome(index);
                if (earlier != null && isThere.test(earlier)) {
                    sink.ended(again(branch, earlier));
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
