package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Label;
import hudson.model.Node;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution;

/**
 * A run's demand for nodes: which blocks ask for one or wait to be told, which nodes the run has, and which it can't
 * use. Called by the run and its {@code NodeRuns} on the run's serial executor alone, except where noted.
 */
final class NodeDemand {

    /** So many nodes may go away and be replaced; at some point something must be wrong. */
    private static final int MAX_LOST = 100;

    private final NodeBlocks blocks;
    private final NodesObserver observer;

    /** Nodes that failed. Read by any thread. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    private final Set<String> used = new HashSet<>();

    /** Those that ask for a node, or wait for one. */
    private final Set<NodeBlock> asking = new LinkedHashSet<>();

    /** Those that wait for the decision whether to ask for another. */
    private final Set<NodeBlock> idle = new LinkedHashSet<>();

    private NodesRequest request;

    /** How many nodes fewer than requested there are to be. */
    private int fewer;

    private int lost;

    /** Why the last node left, if no other is to be waited for. */
    private String failure;

    private boolean closed;

    NodeDemand(NodeBlocks blocks, NodesObserver observer) {
        this.blocks = blocks;
        this.observer = observer;
    }

    /** All blocks ask. Tells of the nodes that are there now; there may be more later. */
    void start(NodesRequest wanted) {
        request = wanted;
        asking.addAll(blocks.all());
        Label label = Label.get(request.label());
        int there = label == null ? 0 : label.getNodes().size();
        if (there < request.nodes()) {
            observer.log((there == 1 ? "1 node has" : (there == 0 ? "no node has" : there + " nodes have"))
                    + " the label '" + request.label() + "'; " + request.nodes() + " may work for this step");
        }
    }

    /** After a restart, the blocks ask that have not ended. */
    void resume(NodesRequest wanted) {
        request = wanted;
        blocks.all().stream().filter(NodeBlock::isLive).forEach(asking::add);
    }

    /** The block that has the node of a node run after a restart; {@code null} if none has. */
    @CheckForNull
    NodeBlock reclaim(int nodeRunNumber) {
        NodeBlock block = blocks.all().stream()
                .filter(each -> each.context() != null && each.nodeRunNumber() == nodeRunNumber)
                .findFirst()
                .orElse(null);
        asking.remove(block);
        return block;
    }

    /** A block asks no more, since it has a node or gets none. Tells whether it has asked. */
    boolean endRequest(NodeBlock block) {
        return asking.remove(block);
    }

    /** A block has ended. */
    void ended(NodeBlock block) {
        asking.remove(block);
        idle.remove(block);
    }

    /** Takes a node; says no if the run has it already, or can't use it. */
    boolean use(String node) {
        return !refused.contains(node) && used.add(node);
    }

    /** Why a node is not for the run, or {@code null} if nothing is known against it. For any thread. */
    @CheckForNull
    String refusalOf(String node) {
        return refused.contains(node) ? "it failed for this step" : null;
    }

    /** A node run needs its node no more. */
    void giveBack(String node, @CheckForNull NodeBlock block) {
        used.remove(node);
        if (block != null) {
            release(block);
        }
    }

    /** A block has nothing to do until it is told whether to ask again; after the run, it never is. */
    void release(NodeBlock block) {
        if (closed) {
            block.leave(false);
        } else {
            idle.add(block);
        }
    }

    /** The node that a block has got can't be used; {@code null} if it went away again at once. */
    void reject(NodeBlock block, @CheckForNull String node, String why, boolean isLast) {
        release(block);
        if (node == null) {
            nodeLost(why);
        } else {
            used.remove(node);
            observer.warn(RunLocation.nodeText(node) + " is not used: " + why);
            refuse(node, why, isLast);
        }
    }

    /**
     * A connected node failed; asking for it again would not help.
     *
     * @param isLast whether there is no node run now
     */
    void refuse(String node, String why, boolean isLast) {
        if (refused.add(node)) {
            fewer++;
        }
        if (isLast && !isAnotherPossible()) {
            failure = RunLocation.nodeText(node) + ": " + why;
        }
    }

    /** Whether there is a node to wait for beside those that failed, or a cloud that may start one. */
    private boolean isAnotherPossible() {
        Label label = Label.get(request.label());
        if (label == null || fewer >= request.nodes()) {
            return false;
        }
        return !label.getClouds().isEmpty()
                || label.getNodes().stream()
                        .map(Node::getNodeName)
                        .anyMatch(node -> !refused.contains(node) && !used.contains(node));
    }

    /** No node will do. */
    void refuseAll(String why) {
        fewer = Integer.MAX_VALUE / 2;
        failure = why;
    }

    /** A node has gone away; another may replace it. */
    void nodeLost(String why) {
        if (++lost > MAX_LOST) {
            failure = "too many nodes were lost; " + why;
        }
    }

    /**
     * A block gets no node.
     *
     * @param isLast whether there is no node run now
     */
    void failed(NodeBlock block, Throwable cause, boolean isLast) {
        asking.remove(block);
        idle.add(block);
        fewer++;
        boolean cancelled = isCancelledInQueue(cause);
        if (isLast && asking.isEmpty()) {
            failure = cancelled ? "its places in the queue were cancelled" : "it gets no node: " + text(cause);
        } else {
            observer.warn((cancelled ? "a place in the queue was cancelled" : text(cause)) + ": one node fewer");
        }
    }

    private static boolean isCancelledInQueue(Throwable cause) {
        return cause instanceof FlowInterruptedException interruption
                && interruption.getCauses().stream()
                        .anyMatch(ExecutorStepExecution.QueueTaskCancelled.class::isInstance);
    }

    /** Why a {@code node} has failed, for users. */
    static String text(Throwable cause) {
        String text = cause instanceof FlowInterruptedException interruption
                ? interruption.getCauses().stream()
                        .map(CauseOfInterruption::getShortDescription)
                        .collect(Collectors.joining(", "))
                : String.valueOf(cause.getMessage());
        return text.isEmpty() ? "its 'node' was interrupted" : text;
    }

    /**
     * Tells the blocks that have given a node back whether to ask for another, and ends those that ask in vain.
     *
     * @param pending how many branches no node has
     * @param working how many node runs there are
     * @param stopped whether the run was cancelled
     * @return why no node will do what is pending; {@code null} if one may, or nothing is pending
     */
    @CheckForNull
    String decide(int pending, int working, boolean stopped) {
        int useful = Math.min(request.nodes() - fewer, pending + working);
        for (NodeBlock block : idle) {
            boolean again = failure == null && !stopped && pending > 0 && working + asking.size() < useful;
            if (again) {
                asking.add(block);
            }
            block.leave(again);
        }
        idle.clear();
        boolean isStuck = working == 0 && pending > 0;
        if (isStuck && asking.isEmpty() && failure == null) {
            failure = "no node is left for it";
        }
        if (stopped || pending == 0 || isStuck && failure != null) {
            asking.forEach(NodeBlock::end);
            asking.clear();
        }
        return isStuck ? failure : null;
    }

    /** The run is over: no block is to ask again. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
