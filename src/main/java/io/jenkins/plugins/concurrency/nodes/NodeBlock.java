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

    /** The step's name under which a block calls {@code NodeAssignmentStep}. */
    static final String ASSIGNMENT = "nodeAssignment";

    /** The argument of that: the block. */
    static final String BLOCK = "block";

    private final Owner owner;

    /** What the blocks of a step share. Part of a Pipeline's program state. */
    interface Owner extends Serializable {

        /** Calls steps. */
        DSL steps();

        /** Which nodes. */
        String label();

        /** Whether no block is to do anything more. */
        boolean isClosed();

        /** Whether the program is dead. */
        boolean isForced();

        /** A number for the next node run. For the CPS thread. */
        int nextNodeRunNumber();

        /** Something has happened that the run has to know. */
        void publish(Consumer<Listener> event);
    }

    /** The run, which decides what becomes of its blocks. Called by any thread. */
    interface Listener {

        /** A block has got a node, or has it again. */
        void nodeAcquired(NodeBlock block);

        /** A block's {@code node} has failed. */
        void nodeFailed(NodeBlock block, Throwable cause);

        /** Somebody wants an executor back; one of an agent that is not there is not what somebody wants. */
        void executorReclaimed(NodeBlock block);

        /** A block will not do anything any more. */
        void blockEnded(NodeBlock block);

        /** Why a node is not for the run, or {@code null} if nothing is known against it. */
        @CheckForNull
        String refusalOf(String node);
    }

    // Guarded by this.

    /** The step that an answer of the run ends; {@code null} if none is due. */
    private StepExecution assignment;

    /** The number of its node run, of the last one or the present one. */
    private int nodeRunNumber;

    /** Why there is no node, if that is what the run has to be asked about. */
    private Throwable failure;

    /** Whether it is to end at the next opportunity. */
    private boolean ending;

    NodeBlock(Owner owner) {
        this.owner = owner;
    }

    /** The node's executor is wanted back, or the whole step is stopped. Returns whether the run decides what follows. */
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
     * The step in the node, or the one that waits for a decision, has started. On the CPS thread.
     *
     * @return whether it is to wait
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

    /** Tells the run about the step that has started, also after a restart. */
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

    /** The inside of {@code node}; {@code null} if the block has no node now. */
    @CheckForNull
    synchronized StepContext context() {
        return assignment == null || failure != null ? null : assignment.getContext();
    }

    /** The run's decision about a block that has a node, or had none: give it back, and ask for another or not. */
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

    /** Ends the block, whether it has a node or waits for one. */
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

    /** Gives back what there is, without the program's help. */
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
