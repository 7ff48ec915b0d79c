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
 * A run's demand for nodes: which blocks ask for a node, which wait for a decision, which nodes the run has, and which
 * it can't use. Only the run and its {@code NodeRuns} call it, on the run's serial executor, except where noted.
 */
final class NodeDemand {

    /** How many nodes may go away and be replaced. After that, something must be wrong. */
    private static final int MAX_LOST = 100;

    private final NodeBlocks blocks;
    private final NodesObserver observer;

    /** Nodes that failed. Any thread may read it. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    private final Set<String> used = new HashSet<>();

    /** The blocks that ask for a node. */
    private final Set<NodeBlock> asking = new LinkedHashSet<>();

    /** The blocks that wait for the decision whether to ask for another node. */
    private final Set<NodeBlock> idle = new LinkedHashSet<>();

    private NodesRequest request;

    /** How many nodes fewer than requested the run uses. */
    private int fewer;

    private int lost;

    /** Why the last node is gone, if the run does not wait for another one. */
    private String failure;

    private boolean closed;

    NodeDemand(NodeBlocks blocks, NodesObserver observer) {
        this.blocks = blocks;
        this.observer = observer;
    }

    /** All blocks ask for a node. Logs how many nodes there are now; there may be more later. */
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

    /** After a restart the blocks ask that have not ended. */
    void resume(NodesRequest wanted) {
        request = wanted;
        blocks.all().stream().filter(NodeBlock::isLive).forEach(asking::add);
    }

    /** The block that has the node of a node run after a restart; {@code null} if there is none. */
    @CheckForNull
    NodeBlock reclaim(int nodeRunNumber) {
        NodeBlock block = blocks.all().stream()
                .filter(each -> each.context() != null && each.nodeRunNumber() == nodeRunNumber)
                .findFirst()
                .orElse(null);
        asking.remove(block);
        return block;
    }

    /** Called when a block has a node or gets none. Returns whether it was asking. */
    boolean endRequest(NodeBlock block) {
        return asking.remove(block);
    }

    void ended(NodeBlock block) {
        asking.remove(block);
        idle.remove(block);
    }

    /** Takes a node. Returns false if the run has it already, or can't use it. */
    boolean use(String node) {
        return !refused.contains(node) && used.add(node);
    }

    /** Why the run can't use a node; {@code null} if it may. Any thread may call this. */
    @CheckForNull
    String refusalOf(String node) {
        return refused.contains(node) ? "it failed for this step" : null;
    }

    /** Called when a node run no longer needs its node. */
    void giveBack(String node, @CheckForNull NodeBlock block) {
        used.remove(node);
        if (block != null) {
            release(block);
        }
    }

    /** Lets a block wait for the decision whether to ask again. After the run there is no such decision. */
    void release(NodeBlock block) {
        if (closed) {
            block.leave(false);
        } else {
            idle.add(block);
        }
    }

    /** Called when the node that a block has got can't be used; {@code null} if the node is gone again. */
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
     * Called when a connected node failed. To ask for it again would not help.
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

    /** Whether to wait for another node: there is one beside those that failed, or a cloud that may start one. */
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

    /** Called when no node can do the work. */
    void refuseAll(String why) {
        fewer = Integer.MAX_VALUE / 2;
        failure = why;
    }

    /** Called when a node has gone away. Another one may replace it. */
    void nodeLost(String why) {
        if (++lost > MAX_LOST) {
            failure = "too many nodes were lost; " + why;
        }
    }

    /**
     * Called when a block gets no node.
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
     * Tells the waiting blocks whether to ask for another node, and ends those that ask for a node that is not needed.
     *
     * @param pending how many branches no node has
     * @param working how many node runs there are
     * @param stopped whether the run was cancelled
     * @return why no node will do the pending branches; {@code null} if one may, or nothing is pending
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

    /** Called when the run is over. No block asks again. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
