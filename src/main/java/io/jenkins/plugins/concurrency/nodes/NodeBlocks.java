package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.cps.DSL;

/**
 * The {@link NodeBlock}s of a step, one for each node that it may have, and their connection to its
 * {@code MultiNodeRun}. The blocks are part of a Pipeline's program state and run on the CPS thread. The run is a new
 * object after a restart, and has its own executor. This class passes events between them. Thread-safe; methods return
 * at once.
 */
public final class NodeBlocks implements NodeBlock.Owner, NodeQueue.NodeFilter {

    private static final long serialVersionUID = 1;

    private final DSL steps;
    private final String label;
    private final List<NodeBlock> blocks = new ArrayList<>();

    /** How many node runs have been begun. Only for the CPS thread. */
    private int nodeRunCount;

    // Guarded by this.
    private transient NodeBlock.Listener run;

    /** Events from before there was a run. */
    private transient List<Consumer<NodeBlock.Listener>> pendingEvents;

    /** Whether blocks must not do anything any more. */
    private transient volatile boolean closed;

    /** Whether the program is dead. */
    private transient volatile boolean forced;

    /**
     * @param label the nodes, as an expression of labels
     * @param count how many nodes at most
     */
    public NodeBlocks(DSL steps, String label, int count) {
        this.steps = steps;
        this.label = label;
        for (int i = 0; i < count; i++) {
            blocks.add(new NodeBlock(this));
        }
    }

    List<NodeBlock> all() {
        return blocks;
    }

    @Override
    public DSL steps() {
        return steps;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public int nextNodeRunNumber() {
        return ++nodeRunCount;
    }

    /** Connects the run. It gets the past events and all further ones. */
    synchronized void attach(NodeBlock.Listener newRun) {
        run = newRun;
        if (pendingEvents != null) {
            pendingEvents.forEach(event -> event.accept(run));
            pendingEvents = null;
        }
    }

    @Override
    public synchronized void publish(Consumer<NodeBlock.Listener> event) {
        if (run != null) {
            event.accept(run);
        } else {
            pendingEvents = pendingEvents == null ? new ArrayList<>() : pendingEvents;
            pendingEvents.add(event);
        }
    }

    @Override
    @CheckForNull
    public synchronized String refusalOf(String node) {
        return run == null ? null : run.refusalOf(node);
    }

    /** Called when the step is being stopped. The run is not told about failures from now on. */
    public void close() {
        closed = true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isForced() {
        return forced;
    }

    /** Called when the step is over. If there is no run, this ends the blocks. */
    void workEnded() {
        if (hasNoRun()) {
            end();
        }
    }

    /** Called when the program is dead or the step is over. If there is a run, the run releases the nodes. */
    public void killed() {
        if (hasNoRun()) {
            endByForce();
        }
    }

    private synchronized boolean hasNoRun() {
        return run == null;
    }

    /** Called when the run is over, or there will be none. No block waits for it any more. */
    void end() {
        close();
        blocks.forEach(NodeBlock::end);
    }

    /** The same if the program is dead, so that blocks can't end by themselves. */
    void endByForce() {
        close();
        forced = true;
        blocks.forEach(NodeBlock::endByForce);
        NodeQueue.remove(this); // as the step would, if it still learned of their ends
    }
}
