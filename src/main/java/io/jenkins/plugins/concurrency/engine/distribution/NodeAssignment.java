package io.jenkins.plugins.concurrency.engine.distribution;

import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The branches that one node has. Not thread-safe. */
final class NodeAssignment {

    /** How much waiting work a node may have, measured by its own speed. It lasts until the next message arrives. */
    private static final double AHEAD_MILLIS = 2_000;

    private static final int MOST_AHEAD = 500;

    /** The weight of the last branch in the mean duration. */
    private static final double NEWEST = 0.2;

    private final String node;
    private final int width;
    private final Map<Integer, AssignedBranch> assigned = new LinkedHashMap<>();

    /** The branches of these that are done on the node. Their files have not been copied yet. */
    private final Set<Integer> awaitsFiles = new HashSet<>();

    /** How long a branch takes on this node; negative if that is not known yet. */
    private double meanMillis = -1;

    /**
     * @param node its name, for results
     * @param width how many branches it works on at once
     */
    NodeAssignment(String node, int width) {
        this.node = node;
        this.width = width;
    }

    String node() {
        return node;
    }

    int size() {
        return assigned.size();
    }

    boolean has(int index) {
        return assigned.containsKey(index);
    }

    void add(AssignedBranch branch) {
        assigned.put(branch.index(), branch);
    }

    void awaitsFiles(int index) {
        if (has(index)) {
            awaitsFiles.add(index);
        }
    }

    void ended(Outcome outcome) {
        assigned.remove(outcome.index());
        awaitsFiles.remove(outcome.index());
        double millis = outcome.durationMillis();
        meanMillis = meanMillis < 0 ? millis : (1 - NEWEST) * meanMillis + NEWEST * millis;
    }

    /**
     * How many branches to assign to the node now. 0 if that is less than half of its buffer, to save messages.
     *
     * @param most how many of the remaining branches may wait there, so that at the end all nodes have work
     */
    int room(int most) {
        int ahead = Math.min(most, ahead());
        int room = width + ahead - assigned.size();
        return assigned.size() < width || room >= Math.max(1, ahead / 2) ? Math.max(0, room) : 0;
    }

    private int ahead() {
        return meanMillis < 0 ? 0 : (int) Math.min(MOST_AHEAD, width * AHEAD_MILLIS / Math.max(1, meanMillis));
    }

    /** The branches that the node may have begun. It begins them in the order in which they were assigned. */
    Set<Integer> begun() {
        Set<Integer> begun = new HashSet<>(awaitsFiles);
        assigned.keySet().stream().filter(index -> !awaitsFiles.contains(index)).limit(width).forEach(begun::add);
        return begun;
    }

    /** Takes the branches that have not ended from the node, in the order in which they were assigned. */
    List<AssignedBranch> clear() {
        List<AssignedBranch> left = new ArrayList<>(assigned.values());
        assigned.clear();
        awaitsFiles.clear();
        return left;
    }

    /**
     * A branch that a node has, or will get.
     *
     * @param name its name
     * @param line what is sent to the node
     * @param deaths how many nodes have died while they worked on it
     */
    record AssignedBranch(String name, Feed.Line line, int deaths) implements Branch {

        /** A branch that no node has died with. */
        static AssignedBranch of(Feed.Line line) {
            return new AssignedBranch(String.valueOf(line.fields().get("name")), line, 0);
        }

        @Override
        public int index() {
            return line.index();
        }

        /** The same branch after its node has died. That counts as an attempt. */
        AssignedBranch interrupted() {
            return new AssignedBranch(name, new Feed.Line(line.index(), line.attempts() + 1, line.fields()), deaths + 1);
        }
    }
}
