package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.distribution.DistributionFiles;
import io.jenkins.plugins.concurrency.engine.distribution.WorkDistributor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The node runs of one run. Each is started on a node that a block has got, or restored after a restart. It gets
 * branches until it ends or loses its node. Used only on the run's serial executor: calls of blocks and node runs, on
 * any thread, become events there.
 */
final class NodeRuns implements NodeBlock.Listener, NodeRun.Listener {

    /** Something that has happened. */
    interface Event {

        /** Handles it on the serial executor. Never waits for agents. */
        void run() throws IOException;
    }

    private final NodeRun.Common common;
    private final DistributionFiles files;
    private final WorkDistributor distributor;
    private final NodeDemand demand;
    private final Executor events;
    private final Consumer<Event> handler;
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final Map<String, NodeRun> nodeRuns = new LinkedHashMap<>();

    /** The node runs that were told that there are no more branches. */
    private final Set<NodeRun> leaving = new LinkedHashSet<>();

    /**
     * @param events the run's serial executor
     * @param handler handles an event unless the run is over, and does what is necessary afterwards; called on that
     *     executor
     */
    NodeRuns(
            NodeRun.Common common,
            DistributionFiles files,
            WorkDistributor distributor,
            NodeDemand demand,
            Executor events,
            Consumer<Event> handler) {
        this.common = common;
        this.files = files;
        this.distributor = distributor;
        this.demand = demand;
        this.events = events;
        this.handler = handler;
    }

    /** Lets the run handle an event later. Any thread may call this. */
    void perform(Event event) {
        events.execute(() -> handler.accept(event));
    }

    /** The same for an event of a block that waits for the result. */
    private void perform(NodeBlock block, Event event) {
        events.execute(() -> {
            if (demand.isClosed()) {
                block.leave(false);
            } else {
                handler.accept(event);
            }
        });
    }

    /** How many node runs there are. */
    int count() {
        return nodeRuns.size();
    }

    /** Continues a node run that was started before the restart. */
    void restore(PersistedNodeRun persisted) throws IOException {
        NodeLocation place = persisted.place();
        NodeBlock block = demand.reclaim(persisted.number());
        NodeRun nodeRun = new NodeRun(common, this, persisted.id(), persisted.files(), place, block);
        if (persisted.isAtEnd()) {
            leaving.add(nodeRun);
        } else {
            demand.use(place.location().node());
            nodeRuns.put(nodeRun.id(), nodeRun);
            distributor.rejoin(nodeRun.id(), name(place), place.width(), persisted.lines());
        }
        nodeRun.open(place);
        nodeRun.resume();
        if (block == null && !persisted.isAtEnd()) {
            nodeRun.abandon();
            ended(nodeRun, "it was given back");
        }
    }

    /** Sends branches to node runs that have room, and ends those that get no more. */
    void feed() throws IOException {
        for (NodeRun nodeRun : nodeRuns.values().stream().filter(NodeRun::isOpen).toList()) {
            List<Feed.Line> lines = nodeRun.isHeld() ? distributor.assign(nodeRun.id()) : List.of();
            if (!lines.isEmpty()) {
                nodeRun.feed(lines);
            } else if (distributor.isIdle(nodeRun.id()) && distributor.pending() == 0) {
                nodeRuns.remove(nodeRun.id());
                distributor.leave(nodeRun.id(), false);
                leaving.add(nodeRun);
                nodeRun.leave();
            }
        }
    }

    /** @param now whether that includes what they have begun */
    void stop(String why, boolean now) {
        nodeRuns.values().forEach(nodeRun -> nodeRun.stop(why, now));
    }

    /** Abandons all node runs. */
    void abandon() {
        nodeRuns.values().forEach(NodeRun::abandon);
        nodeRuns.clear();
    }

    /**
     * Stops to wait for supervisors that should have ended.
     *
     * @param all whether for all of them; otherwise only for those whose agents have gone away
     */
    void abandonLeaving(boolean all) {
        for (NodeRun nodeRun : List.copyOf(leaving)) {
            if (all || !nodeRun.place().location().isConnected()) {
                leaving.remove(nodeRun);
                nodeRun.abandon();
                giveBack(nodeRun);
            }
        }
    }

    @Override
    @CheckForNull
    public String refusalOf(String node) {
        return demand.refusalOf(node);
    }

    @Override
    public void nodeAcquired(NodeBlock block) {
        perform(block, () -> {
            NodeRun returning = nodeRunOf(block);
            if (returning == null) {
                admit(block);
            } else {
                returning.hold();
            }
        });
    }

    private void admit(NodeBlock block) {
        StepContext context = block.context();
        if (!demand.endRequest(block) || context == null || distributor.cancelReason() != null || distributor.pending() == 0) {
            demand.release(block);
            return;
        }
        String node = null;
        try {
            Computer computer = context.get(Computer.class);
            node = computer.getName();
            if (!demand.use(node)) {
                demand.release(block);
                return;
            }
            String id = files.spec().id() + "-" + block.nodeRunNumber();
            NodeLocation place = NodeLocation.of(computer, context.get(FilePath.class), id);
            NodeRun nodeRun = new NodeRun(common, this, id, files.nodeRunFiles(id), place, block);
            nodeRun.hold();
            nodeRuns.put(id, nodeRun);
            place.location().threads().execute(() -> prepare(nodeRun));
        } catch (IOException | RuntimeException e) {
            demand.reject(block, node, FailureText.of(e), nodeRuns.isEmpty());
        } catch (InterruptedException e) {
            demand.reject(block, node, "it was interrupted", nodeRuns.isEmpty());
            Thread.currentThread().interrupt();
        }
    }

    @CheckForNull
    private NodeRun nodeRunOf(NodeBlock block) {
        return Stream.concat(nodeRuns.values().stream(), leaving.stream())
                .filter(nodeRun -> nodeRun.block() == block)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void nodeFailed(NodeBlock block, Throwable cause) {
        perform(block, () -> {
            NodeRun nodeRun = nodeRunOf(block);
            if (nodeRun == null) {
                demand.failed(block, cause, nodeRuns.isEmpty());
                return;
            }
            nodeRun.abandon();
            if (leaving.remove(nodeRun)) {
                giveBack(nodeRun);
            } else {
                ended(nodeRun, NodeDemand.text(cause));
            }
        });
    }

    @Override
    public void blockEnded(NodeBlock block) {
        perform(() -> demand.ended(block));
    }

    @Override
    public void executorReclaimed(NodeBlock block) {
        perform(() -> {
            NodeRun nodeRun = nodeRunOf(block);
            if (nodeRun == null) {
                demand.release(block);
            } else if (nodeRuns.containsKey(nodeRun.id()) && nodeRun.place().location().isConnected()) {
                nodeRun.stop("its executor was lost", true);
            }
        });
    }

    /** Prepares the node. Runs on a thread of the agent, because it waits for the agent. */
    private void prepare(NodeRun nodeRun) {
        try {
            NodeLocation ready = NodePreparation.prepare(common, nodeRun.place(), files.spec(), nodeRun.environment());
            perform(() -> begin(nodeRun, ready));
        } catch (AbortException e) {
            perform(() -> {
                demand.refuseAll(e.getMessage());
                drop(nodeRun, false);
            });
        } catch (IOException | RuntimeException e) {
            nodeRunFailed(nodeRun, FailureText.of(e));
        } catch (InterruptedException e) {
            nodeRunFailed(nodeRun, "it was interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void begin(NodeRun nodeRun, NodeLocation place) throws IOException {
        if (distributor.cancelReason() != null || nodeRun.isCancelled() || !nodeRuns.containsKey(nodeRun.id())) {
            ended(nodeRun, null);
            return;
        }
        nodeRun.files().writeSpec(files.nodeRunSpec(nodeRun.id(), place.workspace(), place.width()));
        nodeRun.open(place);
        distributor.join(nodeRun.id(), name(place), place.width());
        nodeRun.feed(distributor.assign(nodeRun.id()));
        nodeRun.start();
        common.observer().log("on " + place.location().nodeText() + ", " + place.width() + " at once");
    }

    private static String name(NodeLocation place) {
        return place.node().isEmpty() ? "built-in" : place.node();
    }

    @Override
    public void branchAwaitsFiles(NodeRun nodeRun, int index) {
        distributor.awaitsFiles(nodeRun.id(), index);
    }

    /** What has to be done afterwards is done once for all branches that end meanwhile. */
    @Override
    public void branchEnded(NodeRun nodeRun, Outcome outcome) {
        try {
            distributor.ended(nodeRun.id(), outcome);
            if (lookingSoon.compareAndSet(false, true)) {
                perform(() -> lookingSoon.set(false));
            }
        } catch (IOException e) {
            perform(() -> {
                throw e;
            });
        }
    }

    @Override
    public void nodeRunFailed(NodeRun nodeRun, String why) {
        perform(() -> {
            if (nodeRuns.containsKey(nodeRun.id())) {
                nodeRun.abandon();
                ended(nodeRun, why);
            }
        });
    }

    @Override
    public void nodeRunFinished(NodeRun nodeRun, JournalEntry.Finished last) {
        events.execute(() -> {
            nodeRun.dispose();
            if (leaving.remove(nodeRun)) {
                giveBack(nodeRun);
            }
        });
        perform(() -> ended(nodeRun, last.failure()));
    }

    /** @param why the reason why it ended before the run; {@code null} if it was asked to end */
    private void ended(NodeRun nodeRun, @CheckForNull String why) throws IOException {
        if (!nodeRuns.containsKey(nodeRun.id())) {
            return;
        }
        drop(nodeRun, why != null);
        if (distributor.cancelReason() != null) {
            return;
        }
        RunLocation location = nodeRun.place().location();
        String reason = why != null ? why : nodeRun.cancelReason();
        common.observer().warn(location.nodeText() + " gets no more branches: " + reason);
        if (location.isConnected()) {
            demand.refuse(location.node(), reason, nodeRuns.isEmpty());
        } else {
            demand.nodeLost(location.nodeText() + ": " + reason);
        }
    }

    private void drop(NodeRun nodeRun, boolean died) throws IOException {
        nodeRuns.remove(nodeRun.id());
        distributor.leave(nodeRun.id(), died);
        giveBack(nodeRun);
    }

    private void giveBack(NodeRun nodeRun) {
        demand.giveBack(nodeRun.place().location().node(), nodeRun.block());
    }
}
