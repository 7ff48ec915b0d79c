package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.cps.DSL;

/**
 * The {@link NodeBlock}s of a step, as many as it may have nodes, and their connection to its {@code MultiNodeRun}. The
 * blocks are part of a Pipeline's program state and continue on the CPS thread. The run is made anew after a restart
 * and has its own executor. This class passes events between them. Thread-safe; methods return at once.
 */
public final class NodeBlocks implements NodeBlock.Owner, NodeQueue.NodeFilter {

    private static final long serialVersionUID = 1;

    private final DSL steps;
    private final String label;
    private final List<NodeBlock> blocks = new ArrayList<>();

    /** How many node runs have been begun. For the CPS thread. */
    private int nodeRunCount;

    // Guarded by this.
    private transient NodeBlock.Listener run;

    /** What happened before there was a run. */
    private transient List<Consumer<NodeBlock.Listener>> pendingEvents;

    /** Whether no block is to do anything more. */
    private transient volatile boolean closed;

    /** Whether the program is dead. */
    private transient volatile boolean forced;

    /**
     * @param steps calls steps
     * @param label which nodes
     * @param count how many at most
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

    /** Tells the run of all that happens from now on, and of what has happened. */
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

    /** What fails from now on is no news: the step is being stopped. */
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

    /** The step is over: without a run, nothing else ends its blocks. */
    void workEnded() {
        if (hasNoRun()) {
            end();
        }
    }

    /** The program is dead, or the step is over. Where there is a run, that one gives back what there is. */
    public void killed() {
        if (hasNoRun()) {
            endByForce();
        }
    }

    private synchronized boolean hasNoRun() {
        return run == null;
    }

    /** The run is over, or there will be none: no block waits for it any more. */
    void end() {
        close();
        blocks.forEach(NodeBlock::end);
    }

    /** The same where the program is dead, so that blocks can't end by themselves. */
    void endByForce() {
        close();
        forced = true;
        blocks.forEach(NodeBlock::endByForce);
        NodeQueue.remove(this); // as the step would, if it still learned of their ends
    }
}
