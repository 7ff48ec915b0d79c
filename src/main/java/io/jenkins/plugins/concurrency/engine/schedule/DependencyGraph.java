package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The branches of a run that need others: which may start, which of these is next, and which are skipped. Next is the
 * one with the longest chain of work behind it: the critical path. Branches are named by their indexes. Not thread-safe;
 * part of a Pipeline's program state where {@code gather} has one.
 */
public final class DependencyGraph implements Serializable {

    private static final long serialVersionUID = 1;

    private final int[][] dependents;

    /** For each branch, how many of the branches that it needs have not succeeded. */
    private final int[] missing;

    /** All branches. Those with the longest chain are first. */
    private final int[] order;

    /** The position of each branch in {@link #order}. */
    private final int[] places;

    /** The branches that may start, by position in {@link #order}. */
    private final BitSet ready = new BitSet();

    /** The branches that have not been polled and have not ended. */
    private final BitSet waiting = new BitSet();

    private boolean stopped;

    /** A branch that will not start, and the branch that it needs and that did not succeed. */
    public record Skip(int index, int need) {}

    /**
     * @throws IllegalArgumentException if branches need each other in a circle, or if a needed branch does not exist
     */
    public DependencyGraph(List<BranchNeeds> branches) {
        int count = branches.size();
        dependents = dependents(branches);
        missing = branches.stream().mapToInt(branch -> branch.needs().size()).toArray();
        int[] sorted = topological(branches, dependents);
        if (sorted.length < count) {
            throw new IllegalArgumentException("a circle of needs");
        }
        long[] chains = chains(branches, sorted);
        order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingLong((Integer index) -> chains[index]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        places = new int[count];
        IntStream.range(0, count).forEach(place -> places[order[place]] = place);
        waiting.set(0, count);
        IntStream.range(0, count).filter(index -> missing[index] == 0).forEach(index -> ready.set(places[index]));
    }

    /**
     * For each branch, the indexes of those that need it.
     *
     * @throws IllegalArgumentException if a needed branch does not exist
     */
    public static int[][] dependents(List<BranchNeeds> branches) {
        List<List<Integer>> dependents = new ArrayList<>();
        branches.forEach(branch -> dependents.add(new ArrayList<>(0)));
        for (int index = 0; index < branches.size(); index++) {
            for (int need : branches.get(index).needs()) {
                if (need < 0 || need >= branches.size()) {
                    throw new IllegalArgumentException("no branch " + need);
                }
                dependents.get(need).add(index);
            }
        }
        return dependents.stream().map(list -> list.stream().mapToInt(Integer::intValue).toArray()).toArray(int[][]::new);
    }

    /**
     * Sorts the branches: each comes after those that it needs. Leaves out branches that are in a circle, or need one
     * that is.
     */
    private static int[] topological(List<BranchNeeds> branches, int[][] dependents) {
        int[] left = branches.stream().mapToInt(branch -> branch.needs().size()).toArray();
        Queue<Integer> free = new ArrayDeque<>();
        IntStream.range(0, left.length).filter(index -> left[index] == 0).forEach(free::add);
        int[] sorted = new int[left.length];
        int count = 0;
        for (Integer index; (index = free.poll()) != null; count++) {
            sorted[count] = index;
            for (int dependent : dependents[index]) {
                if (--left[dependent] == 0) {
                    free.add(dependent);
                }
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    /**
     * Finds branches that need each other in a circle.
     *
     * @return each branch needs the next one, and the last needs the first; {@code null} if there is no circle
     */
    @CheckForNull
    public static List<Integer> circle(List<BranchNeeds> branches) {
        BitSet open = new BitSet();
        open.set(0, branches.size());
        IntStream.of(topological(branches, dependents(branches))).forEach(open::clear);
        List<Integer> way = new ArrayList<>();
        int[] positions = new int[branches.size()]; // in the way, from 1
        for (int next = open.nextSetBit(0); next >= 0; ) {
            if (positions[next] > 0) {
                return List.copyOf(way.subList(positions[next] - 1, way.size()));
            }
            way.add(next);
            positions[next] = way.size();
            next = branches.get(next).needs().stream().filter(open::get).findFirst().orElseThrow();
        }
        return null;
    }

    /**
     * For each branch, the time of the branch and the longest chain of branches after it. It is in milliseconds. If no
     * branch's time is known, it is a number of levels.
     */
    private long[] chains(List<BranchNeeds> branches, int[] sorted) {
        long usual = Math.max(1, Math.round(
                branches.stream().mapToLong(BranchNeeds::millis).filter(millis -> millis > 0).average().orElse(1)));
        long[] chains = new long[branches.size()];
        for (int i = sorted.length - 1; i >= 0; i--) {
            long behind = IntStream.of(dependents[sorted[i]]).mapToLong(dependent -> chains[dependent]).max().orElse(0);
            long own = branches.get(sorted[i]).millis();
            chains[sorted[i]] = behind + (own > 0 ? own : usual);
        }
        return chains;
    }

    /**
     * A number of branches: no more can run at the same time. All branches are put into chains, in which each needs the
     * one before it. So this is the number of chains.
     */
    public int mostAtOnce() {
        BitSet followers = new BitSet();
        for (int[] candidates : dependents) {
            IntStream.of(candidates).filter(index -> !followers.get(index)).findFirst().ifPresent(followers::set);
        }
        return dependents.length - followers.cardinality();
    }

    /** Takes the next branch that may start; -1 if none may start now. */
    public int poll() {
        int place = ready.nextSetBit(0);
        if (place < 0) {
            return -1;
        }
        int index = order[place];
        leave(index);
        return index;
    }

    /** How many branches may start now. */
    public int ready() {
        return ready.cardinality();
    }

    /** Whether there are branches that may start, now or later. */
    public boolean hasMore() {
        return !waiting.isEmpty();
    }

    private void leave(int index) {
        waiting.clear(index);
        ready.clear(places[index]);
    }

    /**
     * Call when a branch has ended. Others may start then, or are skipped.
     *
     * @return the skipped branches, each after the one that it needs
     */
    public List<Skip> ended(int index, OutcomeStatus status) {
        leave(index);
        List<Skip> skips = new ArrayList<>(0);
        if (stopped) {
            return skips;
        }
        if (status == OutcomeStatus.SUCCEEDED) {
            for (int dependent : dependents[index]) {
                if (--missing[dependent] == 0 && waiting.get(dependent)) {
                    ready.set(places[dependent]);
                }
            }
            return skips;
        }
        skip(index, skips);
        for (int i = 0; i < skips.size(); i++) {
            skip(skips.get(i).index(), skips);
        }
        return skips;
    }

    private void skip(int need, List<Skip> skips) {
        for (int dependent : dependents[need]) {
            if (waiting.get(dependent)) {
                leave(dependent);
                skips.add(new Skip(dependent, need));
            }
        }
    }

    /**
     * Takes account of what happened before this process.
     *
     * @param gone whether a branch has been started; it may have ended
     * @param ended how a branch ended; {@code null} if it has not ended
     * @return the branches that are skipped because of that, and have not been started
     */
    public List<Skip> restore(IntPredicate gone, IntFunction<OutcomeStatus> ended) {
        IntStream.range(0, order.length).filter(gone).forEach(this::leave);
        List<Skip> skips = new ArrayList<>();
        for (int index = 0; index < order.length; index++) {
            OutcomeStatus status = gone.test(index) ? ended.apply(index) : null;
            if (status != null && status != OutcomeStatus.CANCELLED) { // else the run was stopped, and will be again
                skips.addAll(ended(index, status));
            }
        }
        return skips;
    }

    /** Call when nothing may start any more. Then nothing is skipped, and {@link #poll} returns all that is left. */
    public void stop() {
        stopped = true;
        waiting.stream().forEach(index -> ready.set(places[index]));
    }
}
