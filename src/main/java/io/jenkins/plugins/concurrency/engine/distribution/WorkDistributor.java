package io.jenkins.plugins.concurrency.engine.distribution;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Assigns the branches of one run to several nodes, a few at a time, and receives their outcomes. Each branch reaches
 * the sink exactly once, whichever nodes have had it. Branches that a node does not end go to other nodes. It needs
 * memory for the branches that nodes have, and one bit for each other branch. Thread-safe; a call may wait for the
 * disk.
 */
public final class WorkDistributor implements Closeable {

    /** If so many nodes have died while they worked on a branch, it gets no other node. */
    static final int MAX_DEATHS = 3;

    private final int total;
    private final int nodes;
    private final FailFast failFast;

    /** Whether what a node has may all have been begun: limits of groups change the order. */
    private final boolean anyOrder;

    private final OutcomeSink sink;

    /** Stores how many nodes have died with each branch. */
    private final AttemptFile attempts;

    // Guarded by this.
    private final BranchSource<NodeAssignment.AssignedBranch> source;
    private final Deque<NodeAssignment.AssignedBranch> returned = new ArrayDeque<>();
    private final Map<String, NodeAssignment> assignments = new HashMap<>();
    private final BitSet ended;
    private int count;
    private int failed;
    private boolean halted;
    private BranchError cancelReason;

    /**
     * @param total how many branches the run has
     * @param nodes the largest number of nodes
     * @param failed how many branches have failed
     * @param source the branches that have not ended; closed with this
     * @param attempts counts the attempts of nodes that died; closed with this
     * @param ended the indexes of branches that have ended; nobody else may use it from now on
     */
    WorkDistributor(
            RunSpec spec,
            int total,
            int nodes,
            BranchSource<NodeAssignment.AssignedBranch> source,
            BitSet ended,
            int failed,
            AttemptFile attempts,
            OutcomeSink sink) {
        this.total = total;
        this.nodes = nodes;
        this.failFast = spec.policy().failFast().of(total);
        this.failed = failed;
        this.anyOrder = spec.work() instanceof WorkSpec.Fetch;
        this.source = source;
        this.ended = ended;
        this.count = ended.cardinality();
        this.attempts = attempts;
        this.sink = sink;
    }

    /**
     * Adds a node.
     *
     * @param id of its node run
     * @param node its name, for results
     * @param width how many branches it works on at once
     */
    public synchronized void join(String id, String node, int width) {
        assignments.put(id, new NodeAssignment(node, width));
    }

    /**
     * Adds a node that was added before this process started, and still works.
     *
     * @param lines what was sent to it
     */
    public synchronized void rejoin(String id, String node, int width, List<Feed.Line> lines) {
        join(id, node, width);
        for (Feed.Line line : lines) {
            if (!ended.get(line.index())) {
                assignments.get(id).add(NodeAssignment.AssignedBranch.of(line));
            }
        }
    }

    /**
     * Assigns branches to a node.
     *
     * @return the lines to send to it; often none
     * @throws IOException if the branches can't be read
     */
    public synchronized List<Feed.Line> assign(String id) throws IOException {
        NodeAssignment assignment = assignments.get(id);
        if (assignment == null || cancelReason != null) {
            return List.of();
        }
        List<Feed.Line> lines = new ArrayList<>();
        int startable = source.ready() < 0 ? pending() : returned.size() + source.ready();
        for (int room = assignment.room(startable / (2 * nodes)); room > 0; room--) {
            NodeAssignment.AssignedBranch next = next();
            if (next == null) {
                break;
            }
            assignment.add(next);
            lines.add(next.line());
        }
        return lines;
    }

    @CheckForNull
    private NodeAssignment.AssignedBranch next() throws IOException {
        NodeAssignment.AssignedBranch back = returned.poll();
        return back == null ? source.next() : back;
    }

    /** Called when a branch is done on its node. It has ended only when its files have been copied. */
    public synchronized void awaitsFiles(String id, int index) {
        NodeAssignment assignment = assignments.get(id);
        if (assignment != null) {
            assignment.awaitsFiles(index);
        }
    }

    /**
     * Receives the end of a branch from a node. The report is ignored if the node does not have the branch, or has
     * stopped it although the run was not stopped: such a node is leaving.
     *
     * @throws IOException if the outcome can't be recorded
     */
    public synchronized void ended(String id, Outcome outcome) throws IOException {
        NodeAssignment assignment = assignments.get(id);
        if (assignment == null || !assignment.has(outcome.index())) {
            return;
        }
        if (outcome.status() == OutcomeStatus.CANCELLED && cancelReason == null) {
            return;
        }
        assignment.ended(outcome);
        record(named(outcome, assignment.node()));
        count(outcome);
    }

    private void count(Outcome outcome) throws IOException {
        for (Outcome skipped : source.ended(outcome)) {
            record(skipped);
        }
        if (outcome.status() == OutcomeStatus.FAILED && ++failed == failFast.failures()) {
            failFast(outcome);
        }
    }

    /** Stops the run because that failure was one too many. */
    synchronized void failFast(Outcome last) throws IOException {
        if (cancelReason == null) {
            halted = failFast.soon();
            stop(failFast.reason(last.name()));
        }
    }

    private static Outcome named(Outcome outcome, String node) {
        Map<String, Object> details = new HashMap<>(outcome.details());
        details.put(OutcomeDetail.NODE, node);
        return outcome.with(details);
    }

    synchronized void record(Outcome outcome) throws IOException {
        if (!ended.get(outcome.index())) {
            ended.set(outcome.index());
            count++;
            sink.ended(outcome);
        }
    }

    /**
     * Removes a node. Its branches go to other nodes.
     *
     * @param died whether it may have worked until now; then its running branches have had an attempt
     * @throws IOException if an outcome can't be recorded
     */
    public synchronized void leave(String id, boolean died) throws IOException {
        NodeAssignment assignment = assignments.remove(id);
        if (assignment == null) {
            return;
        }
        Set<Integer> begun = assignment.begun();
        List<NodeAssignment.AssignedBranch> left = assignment.clear();
        for (int i = left.size() - 1; i >= 0; i--) {
            NodeAssignment.AssignedBranch branch = left.get(i);
            if (died && (anyOrder || begun.contains(branch.index()))) {
                branch = branch.interrupted();
                attempts.begun(branch.index(), branch.line().attempts());
            }
            if (cancelReason != null) {
                record(cancelled(branch));
            } else if (branch.deaths() >= MAX_DEATHS) {
                Outcome lost = lost(branch, "it was under way on " + MAX_DEATHS + " nodes when they died");
                record(lost);
                count(lost);
            } else {
                returned.addFirst(branch);
            }
        }
    }

    /**
     * Stops the run. Branches that no node has end as cancelled. The others end as their nodes say, or when these are
     * removed.
     *
     * @param why for users, one line; the first one counts
     * @throws IOException if an outcome can't be recorded
     */
    public synchronized void cancel(String why) throws IOException {
        halted = false;
        if (cancelReason == null) {
            stop(why);
        }
    }

    private void stop(String why) throws IOException {
        cancelReason = new BranchError(ErrorType.CANCELLED, why);
        source.stop();
        for (NodeAssignment.AssignedBranch branch; (branch = next()) != null; ) {
            record(cancelled(branch));
        }
    }

    /**
     * Called when no node will do the rest.
     *
     * @param why for the branches, one line
     * @throws IOException if an outcome can't be recorded
     */
    public synchronized void markRestLost(String why) throws IOException {
        source.stop();
        for (NodeAssignment assignment : assignments.values()) {
            returned.addAll(assignment.clear());
        }
        assignments.clear();
        for (NodeAssignment.AssignedBranch branch; (branch = next()) != null; ) {
            record(lost(branch, why));
        }
    }

    private Outcome cancelled(NodeAssignment.AssignedBranch branch) {
        long now = System.currentTimeMillis();
        int attempts = branch.line().attempts();
        return new Outcome(branch.index(), branch.name(), OutcomeStatus.CANCELLED, cancelReason, attempts, now, 0, Map.of());
    }

    private static Outcome lost(NodeAssignment.AssignedBranch branch, String why) {
        return Outcome.lost(branch.index(), branch.name(), branch.line().attempts(), why);
    }

    /** Why the run was stopped; {@code null} if it was not. */
    @CheckForNull
    public synchronized String cancelReason() {
        return cancelReason == null ? null : cancelReason.message();
    }

    /** Whether what nodes have begun may end although the run was stopped. */
    public synchronized boolean isHalted() {
        return halted;
    }

    /** Whether all branches have ended. */
    public synchronized boolean isOver() {
        return count == total;
    }

    /** Whether a node has nothing to do, now. */
    public synchronized boolean isIdle(String id) {
        NodeAssignment assignment = assignments.get(id);
        return assignment == null || assignment.size() == 0;
    }

    /** How many branches no node has. */
    public synchronized int pending() {
        int had = assignments.values().stream().mapToInt(NodeAssignment::size).sum();
        return total - count - had;
    }

    @Override
    public synchronized void close() throws IOException {
        try (attempts) {
            source.close();
        }
    }
}
