package io.jenkins.plugins.concurrency.engine.schedule;

import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Yields branches when all that they need has succeeded. Has all of them in memory. Thread-safe. */
public final class DependentBranches<B extends Branch> implements BranchSource<B> {

    private final List<B> branches = new ArrayList<>();

    /** Guarded by this. */
    private final DependencyGraph graph;

    private DependentBranches(BranchSource<B> all, List<BranchNeeds> needs) throws IOException {
        graph = new DependencyGraph(needs);
        try (all) {
            for (B branch; (branch = all.next()) != null; ) {
                branches.add(branch);
            }
        }
        if (branches.size() != needs.size()) {
            throw new IOException(branches.size() + " branches, but needs of " + needs.size());
        }
    }

    /** Opens a source of all branches except some. */
    @FunctionalInterface
    public interface Opener<B extends Branch> {
        BranchSource<B> open(IntPredicate leaveOut) throws IOException;
    }

    /**
     * Opens a run's branches. If no branch needs another, they are returned in their order.
     *
     * @param needs for each branch what it needs; empty if no branch needs another
     * @param gone whether a branch has been started before; it may have ended
     * @param ended how a branch ended before; {@code null} if it has not ended
     * @param sink gets the outcomes of the branches that are skipped because of that
     * @throws IOException if the branches can't be read
     */
    public static <B extends Branch> BranchSource<B> open(
            List<BranchNeeds> needs,
            Opener<B> opener,
            IntPredicate gone,
            IntFunction<OutcomeStatus> ended,
            OutcomeSink sink)
            throws IOException {
        if (needs.isEmpty()) {
            return opener.open(gone);
        }
        DependentBranches<B> branches = new DependentBranches<>(opener.open(index -> false), needs);
        for (Outcome skipped : branches.outcomes(branches.graph.restore(gone, ended), ended)) {
            sink.ended(skipped);
        }
        return branches;
    }

    @Override
    public synchronized B next() {
        int index = graph.poll();
        return index < 0 ? null : branches.get(index);
    }

    @Override
    public synchronized int ready() {
        return graph.ready();
    }

    @Override
    public synchronized boolean isComplete() {
        return !graph.hasMore();
    }

    @Override
    public synchronized List<Outcome> ended(Outcome outcome) {
        return outcomes(
                graph.ended(outcome.index(), outcome.status()),
                index -> index == outcome.index() ? outcome.status() : null);
    }

    private List<Outcome> outcomes(List<DependencyGraph.Skip> skips, IntFunction<OutcomeStatus> ended) {
        return skips.stream()
                .map(skip -> Outcome.skipped(
                        skip.index(), branches.get(skip.index()).name(), branches.get(skip.need()).name(), ended.apply(skip.need())))
                .toList();
    }

    @Override
    public synchronized void stop() {
        graph.stop();
    }
}
