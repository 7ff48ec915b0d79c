package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.DependencyGraph;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The branches of a {@code gather} that have not ended, and which of them is next. Part of a Pipeline's program state,
 * which is written at the end of every branch. So a branch that has not started is only a name and a closure here, and
 * one that has ended is removed. For its CPS thread only.
 */
final class UnfinishedBranches implements Serializable {

    private static final long serialVersionUID = 1;

    // Branches that have not started, by index. Started ones are removed, but names stay if there is a graph.
    private final String[] names;
    private final Closure<?>[] closures;
    private final Map<String, Object>[] cells;
    private int next;

    /**
     * Chooses the next branch if branches wait for others; otherwise {@code null}. With a graph, all names are kept.
     */
    @CheckForNull
    private final DependencyGraph graph;

    /** Branches that were taken and have not ended, by index. */
    private final Map<Integer, GatherBranch> taken = new TreeMap<>();

    /** Taken branches that failed and wait for another attempt. */
    private final List<GatherBranch> postponed = new ArrayList<>();

    /**
     * @param names the names of the branches, without secrets
     * @param closures one for each branch, perhaps all the same
     * @param cells the cell of a matrix for each branch; empty if the closures have no argument
     * @param needs for each branch what it needs; empty if no branch waits for others
     */
    @SuppressWarnings("unchecked")
    UnfinishedBranches(
            List<String> names, Collection<Closure<?>> closures, List<Map<String, Object>> cells, List<BranchNeeds> needs) {
        this.graph = needs.isEmpty() ? null : new DependencyGraph(needs);
        this.names = names.toArray(String[]::new);
        this.closures = closures.toArray(Closure<?>[]::new);
        this.cells = cells.toArray(Map[]::new);
    }

    /** How many branches there are, with those that have ended. */
    int total() {
        return names.length;
    }

    /** No more branches than this can run at the same time. */
    int mostAtOnce() {
        return graph == null ? total() : graph.mostAtOnce();
    }

    /**
     * Takes the next branch. It is one whose pause has ended. If there is none, it is the first that has not started
     * and may start. If there is none either, it is the one whose pause ends first.
     *
     * @param now in milliseconds since the epoch
     * @return {@code null} if all are taken, or wait for others
     */
    @CheckForNull
    GatherBranch take(long now) {
        GatherBranch first = postponed.stream().min(Comparator.comparingLong(GatherBranch::dueMillis)).orElse(null);
        if (first == null || first.dueMillis() > now && mayStart()) {
            return mayStart() ? takeNew() : null;
        }
        postponed.remove(first);
        return first;
    }

    /** Whether a branch that has not started may start now. */
    boolean mayStart() {
        return graph == null ? next < names.length : graph.ready() > 0;
    }

    /** Whether some branches wait for others. */
    boolean areSomeBlocked() {
        return graph != null && graph.hasMore();
    }

    /** Whether workers without a branch should ask again. */
    boolean isForIdleWorkers() {
        return graph != null && (mayStart() || !graph.hasMore());
    }

    private GatherBranch takeNew() {
        int index = graph == null ? next++ : graph.poll();
        Map<String, Object> cell = cells.length == 0 ? null : cells[index];
        GatherBranch branch = new GatherBranch(index, names[index], closures[index], cell);
        drop(index);
        if (graph == null) {
            names[index] = null;
        }
        taken.put(index, branch);
        return branch;
    }

    private void drop(int index) {
        closures[index] = null;
        if (cells.length > 0) {
            cells[index] = null;
        }
    }

    /** Takes back a branch for another attempt. */
    void postpone(GatherBranch branch, long untilMillis) {
        branch.postponeTo(untilMillis);
        postponed.add(branch);
    }

    /** @return the outcomes of the branches that are skipped because of this end; they are removed */
    List<Outcome> ended(GatherBranch branch, OutcomeStatus status) {
        taken.remove(branch.index());
        List<Outcome> skipped = new ArrayList<>();
        if (graph != null) {
            for (DependencyGraph.Skip skip : graph.ended(branch.index(), status)) {
                drop(skip.index());
                OutcomeStatus how = skip.need() == branch.index() ? status : null;
                skipped.add(Outcome.skipped(skip.index(), names[skip.index()], names[skip.need()], how));
            }
        }
        return skipped;
    }

    /** From now on, no branch may start and none is skipped. */
    void stop() {
        if (graph != null) {
            graph.stop();
        }
    }

    /** Takes all branches that have not ended, running ones too. */
    List<GatherBranch> takeAll() {
        stop();
        while (mayStart()) {
            takeNew();
        }
        return List.copyOf(taken.values());
    }
}
