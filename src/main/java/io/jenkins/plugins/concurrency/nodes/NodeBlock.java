package io.jenkins.plugins.concurrency.nodes;

import com.cloudbees.groovy.cps.Next;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Queue;
import hudson.model.Result;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.QueueItemAction;
import org.jenkinsci.plugins.workflow.cps.DSL;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A green thread that calls Pipeline's {@code node(label) { … }} for a node run, and again for another one when
 * the run asks for it. Inside is a {@code NodeAssignmentStep}, which ends when the run no longer needs the node. If
 * {@code node} fails, such a step outside it waits for the run's decision. Part of a Pipeline's program state; methods
 * can be called by any thread, except where noted.
 */
final class NodeBlock extends GreenThread {

    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(NodeBlock.class.getName());

    /** The name under which a block calls {@code NodeAssignmentStep}. */
    static final String ASSIGNMENT = "nodeAssignment";

    /** The argument of that step: the block. */
    static final String BLOCK = "block";

    private final Owner owner;

    /** What the blocks of a step share. Part of a Pipeline's program state. */
    interface Owner extends Serializable {

        DSL steps();

        /** The nodes, as an expression of labels. */
        String label();

        /** Whether blocks must not do anything any more. */
        boolean isClosed();

        /** Whether the program is dead. */
        boolean isForced();

        /** A number for the next node run. Only for the CPS thread. */
        int nextNodeRunNumber();

        /** Tells the run about an event. */
        void publish(Consumer<Listener> event);
    }

    /** The run, which decides what its blocks do next. Called by any thread. */
    interface Listener {

        /** A block has got a node, or has it again after a restart. */
        void nodeAcquired(NodeBlock block);

        /** A block's {@code node} has failed. */
        void nodeFailed(NodeBlock block, Throwable cause);

        /** Somebody wants an executor back. Must be ignored if the reason is only that its agent is disconnected. */
        void executorReclaimed(NodeBlock block);

        /** A block has ended. */
        void blockEnded(NodeBlock block);

        /** Why the run can't use a node; {@code null} if it may. */
        @CheckForNull
        String refusalOf(String node);
    }

    // Guarded by this.

    /** The step that ends when the run answers; {@code null} if no answer is awaited. */
    private StepExecution assignment;

    /** The number of its present or last node run. */
    private int nodeRunNumber;

    /** Why there is no node, if the run has to decide about that. */
    private Throwable failure;

    /** Whether it must end as soon as it can. */
    private boolean ending;

    NodeBlock(Owner owner) {
        this.owner = owner;
    }

    /**
     * Called when somebody wants the node's executor back, or the whole step is stopped. Returns whether the run
     * decides what follows.
     */
    boolean letRunDecide() {
        if (context() == null || owner.isForced()) {
            return false;
        }
        owner.publish(run -> run.executorReclaimed(this));
        return true;
    }

    @Override
    protected Next round() {
        synchronized (this) {
            failure = null;
        }
        return isEnding() ? ended() : call("node", owner.label(), assignmentStep().closure());
    }

    private StepCall assignmentStep() {
        return new StepCall(owner.steps(), ASSIGNMENT, Map.of(BLOCK, this));
    }

    private synchronized boolean isEnding() {
        return ending || owner.isClosed();
    }

    private Next ended() {
        owner.publish(run -> run.blockEnded(this));
        return exit();
    }

    @Override
    protected DSL steps() {
        return owner.steps();
    }

    @Override
    protected void waits() {
        if (isEnding()) {
            end(); // again: who ended it while the step started did not see that step
        }
    }

    @Override
    protected Next resumed(boolean failed, Object result) {
        StepExecution ended;
        boolean asked;
        synchronized (this) {
            ended = over();
            assignment = null;
            asked = failure != null;
        }
        if (!failed) {
            return Boolean.TRUE.equals(result) ? nextRound() : ended();
        }
        if (ended != null && isQueued(ended)) {
            stop(ended, (Throwable) result); // its place in the queue may still be there
        }
        if (asked || isEnding()) {
            return ended();
        }
        synchronized (this) {
            failure = (Throwable) result;
        }
        return call(ASSIGNMENT, Map.of(BLOCK, this));
    }

    /**
     * Called when the step in the node has started, or the one that waits for a decision. On the CPS thread.
     *
     * @return whether that step has to wait
     */
    synchronized boolean begin(StepExecution started) {
        if (isEnding()) {
            return false;
        }
        assignment = started;
        if (failure == null) {
            nodeRunNumber = owner.nextNodeRunNumber();
        }
        return true;
    }

    /** Tells the run that the step has started. Called again after a restart. */
    void reportStart() {
        Throwable why;
        synchronized (this) {
            why = failure;
        }
        owner.publish(run -> {
            if (why == null) {
                run.nodeAcquired(this);
            } else {
                run.nodeFailed(this, why);
            }
        });
    }

    /** Whether it has not ended. */
    boolean isLive() {
        return step() != null;
    }

    /** The number of its node run. */
    synchronized int nodeRunNumber() {
        return nodeRunNumber;
    }

    /** The context inside {@code node}; {@code null} if the block has no node now. */
    @CheckForNull
    synchronized StepContext context() {
        return assignment == null || failure != null ? null : assignment.getContext();
    }

    /** Carries out the run's decision: releases the node, if there is one, and then asks for another one or ends. */
    void leave(boolean again) {
        StepExecution waiting;
        synchronized (this) {
            waiting = assignment;
            assignment = null;
        }
        if (waiting != null) {
            waiting.getContext().onSuccess(again);
        }
    }

    /** Ends the block, with or without a node. */
    void end() {
        StepExecution current;
        boolean hasAssignment;
        synchronized (this) {
            ending = true;
            current = step();
            hasAssignment = assignment != null;
        }
        if (hasAssignment) {
            leave(false);
        } else if (current != null && isQueued(current)) {
            stop(current, new FlowInterruptedException(Result.NOT_BUILT, false));
        } // otherwise a node has just been got, and is given back at once
    }

    /** Releases the node although the Pipeline program no longer runs. */
    void endByForce() {
        stop(step(), new FlowInterruptedException(Result.ABORTED));
    }

    private static boolean isQueued(StepExecution node) {
        try {
            FlowNode place = node.getContext().get(FlowNode.class);
            QueueItemAction queued = place == null ? null : place.getAction(QueueItemAction.class);
            Queue.Item item = queued == null ? null : queued.itemInQueue();
            return item != null && !(item instanceof Queue.LeftItem);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't tell where " + node + " is");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
