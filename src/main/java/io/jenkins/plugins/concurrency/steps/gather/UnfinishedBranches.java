package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
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

    // What never started, by its index; null from the index 0 on to the one before the next.
    private final String[] names;
    private final Closure<?>[] closures;
    private final Map<String, Object>[] cells;
    private int next;

    /** Those that were taken and have not ended, by their indexes. */
    private final Map<Integer, GatherBranch> taken = new TreeMap<>();

    /** Failed ones of these that wait for another attempt. */
    private final List<GatherBranch> postponed = new ArrayList<>();

    /**
     * @param names of the branches, without secrets
     * @param closures as many, perhaps the same ones
     * @param cells as many, the cells of a matrix; none for closures without an argument
     */
    @SuppressWarnings("unchecked")
    UnfinishedBranches(List<String> names, Collection<Closure<?>> closures, List<Map<String, Object>> cells) {
        this.names = names.toArray(String[]::new);
        this.closures = closures.toArray(Closure<?>[]::new);
        this.cells = cells.toArray(Map[]::new);
    }

    /** How many branches there are, ended or not. */
    int total() {
        return names.length;
    }

    /**
     * Takes the next branch to work on: one whose pause is over, or else the first that never started, or else the one
     * whose pause is over first.
     *
     * @param now milliseconds since the epoch
     * @return {@code null} if all are taken
     */
    @CheckForNull
    GatherBranch take(long now) {
        GatherBranch first = postponed.stream().min(Comparator.comparingLong(GatherBranch::dueMillis)).orElse(null);
        if (first == null || first.dueMillis() > now && next < names.length) {
            return next < names.length ? takeNew() : null;
        }
        postponed.remove(first);
        return first;
    }

    private GatherBranch takeNew() {
        Map<String, Object> cell = null;
        if (cells.length > 0) {
            cell = cells[next];
            cells[next] = null;
        }
        GatherBranch branch = new GatherBranch(next, names[next], closures[next], cell);
        names[next] = null;
        closures[next] = null;
        next++;
        taken.put(branch.index(), branch);
        return branch;
    }

    /** Takes back a branch for another attempt. */
    void postpone(GatherBranch branch, long untilMillis) {
        branch.postponeTo(untilMillis);
        postponed.add(branch);
    }

    void ended(GatherBranch branch) {
        taken.remove(branch.index());
    }

    /** Takes all that have not ended, those under way too. */
    List<GatherBranch> takeAll() {
        while (next < names.length) {
            takeNew();
        }
        return List.copyOf(taken.values());
    }
}
