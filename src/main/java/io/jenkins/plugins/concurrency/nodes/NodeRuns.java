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
 * The node runs of one run: each is started on a node that a block has got, or restored after a restart; it gets
 * branches until it ends, or its node is taken away. Used on the run's serial executor alone. What blocks and node runs
 * tell, on any thread, becomes an event there.
 */
final class NodeRuns implements NodeBlock.Listener, NodeRun.Whole {

    /** Something that has happened. */
    interface Event {

        /** Acts on it. On the serial executor; never waits for agents. */
        void happen() throws IOException;
    }

    private final NodeRun.Common common;
    private final DistributionFiles files;
    private final WorkDistributor spread;
    private final NodeDemand demand;
    private final Executor events;
    private final Consumer<Event> handler;
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final Map<String, NodeRun> parts = new LinkedHashMap<>();

    /** Those that were told that there is no more for them. */
    private final Set<NodeRun> leaving = new LinkedHashSet<>();

    /**
     * @param events the run's serial executor
     * @param handler lets an event happen unless the run is over, and does what is due then; called on that executor
     */
    NodeRuns(
            NodeRun.Common common,
            DistributionFiles files,
            WorkDistributor spread,
            NodeDemand demand,
            Executor events,
            Consumer<Event> handler) {
        this.common = common;
        this.files = files;
        this.spread = spread;
        this.demand = demand;
        this.events = events;
        this.handler = handler;
    }

    /** Has the run handle an event later. For any thread. */
    void perform(Event event) {
        events.execute(() -> handler.accept(event));
    }

    /** The same of a block that waits for the result. */
    private void perform(NodeBlock block, Event event) {
        events.execute(() -> {
            if (demand.isClosed()) {
                block.leave(false);
            } else {
                handler.accept(event);
            }
        });
    }

    /** How many nodes have a part. */
    int count() {
        return parts.size();
    }

    /** Takes up a part that was started before the restart. */
    void restore(PersistedNodeRun told) throws IOException {
        NodeLocation place = told.place();
        NodeBlock block = demand.reclaim(told.number());
        NodeRun part = new NodeRun(common, this, told.id(), told.files(), place, block);
        if (told.isAtEnd()) {
            leaving.add(part);
        } else {
            demand.use(place.location().node());
            parts.put(part.id(), part);
            spread.rejoin(part.id(), name(place), place.width(), told.lines());
        }
        part.open(place);
        part.resume();
        if (block == null && !told.isAtEnd()) {
            part.abandon();
            ended(part, "it was given back");
        }
    }

    /** Sends branches to the parts that have room, and ends those for which there is nothing more. */
    void feed() throws IOException {
        for (NodeRun part : parts.values().stream().filter(NodeRun::isOpen).toList()) {
            List<Feed.Line> lines = part.isHeld() ? spread.take(part.id()) : List.of();
            if (!lines.isEmpty()) {
                part.feed(lines);
            } else if (spread.isIdle(part.id()) && spread.pending() == 0) {
                parts.remove(part.id());
                spread.leave(part.id(), false);
                leaving.add(part);
                part.leave();
            }
        }
    }

    void cancel(String why) {
        parts.values().forEach(part -> part.cancel(why));
    }

    /** No part is to do anything more. */
    void abandon() {
        parts.values().forEach(NodeRun::abandon);
        parts.clear();
    }

    /**
     * Waits no longer for supervisors that were to end.
     *
     * @param all otherwise only for those whose agents have gone away
     */
    void abandonLeaving(boolean all) {
        for (NodeRun part : List.copyOf(leaving)) {
            if (all || !part.place().location().isConnected()) {
                leaving.remove(part);
                part.abandon();
                giveBack(part);
            }
        }
    }

    @Override
    @CheckForNull
    public String refusalOf(String node) {
        return demand.refusalOf(node);
    }

    @Override
    public void nodeIsThere(NodeBlock block) {
        perform(block, () -> {
            NodeRun returning = partOf(block);
            if (returning == null) {
                admit(block);
            } else {
                returning.hold();
            }
        });
    }

    private void admit(NodeBlock block) {
        StepContext context = block.context();
        if (!demand.answered(block) || context == null || spread.cancelReason() != null || spread.pending() == 0) {
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
            String id = files.spec().id() + "-" + block.part();
            NodeLocation place = NodeLocation.of(computer, context.get(FilePath.class), id);
            NodeRun part = new NodeRun(common, this, id, files.part(id), place, block);
            part.hold();
            parts.put(id, part);
            place.location().threads().execute(() -> prepare(part));
        } catch (IOException | RuntimeException e) {
            demand.reject(block, node, FailureText.of(e), parts.isEmpty());
        } catch (InterruptedException e) {
            demand.reject(block, node, "it was interrupted", parts.isEmpty());
            Thread.currentThread().interrupt();
        }
    }

    @CheckForNull
    private NodeRun partOf(NodeBlock block) {
        return Stream.concat(parts.values().stream(), leaving.stream())
                .filter(part -> part.block() == block)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void nodeFailed(NodeBlock block, Throwable cause) {
        perform(block, () -> {
            NodeRun part = partOf(block);
            if (part == null) {
                demand.failed(block, cause, parts.isEmpty());
                return;
            }
            part.abandon();
            if (leaving.remove(part)) {
                giveBack(part);
            } else {
                ended(part, NodeDemand.text(cause));
            }
        });
    }

    @Override
    public void blockEnded(NodeBlock block) {
        perform(() -> demand.ended(block));
    }

    @Override
    public void takenAway(NodeBlock block) {
        perform(() -> {
            NodeRun part = partOf(block);
            if (part == null) {
                demand.release(block);
            } else if (parts.containsKey(part.id()) && part.place().location().isConnected()) {
                part.cancel("its executor was lost");
            }
        });
    }

    /** Makes the node ready. On a thread of the agent, which it waits for. */
    private void prepare(NodeRun part) {
        try {
            NodeLocation ready = NodePreparation.prepare(common, part.place(), files.spec(), part.environment());
            perform(() -> begin(part, ready));
        } catch (AbortException e) {
            perform(() -> {
                demand.refuseAll(e.getMessage());
                drop(part, false);
            });
        } catch (IOException | RuntimeException e) {
            partFailed(part, FailureText.of(e));
        } catch (InterruptedException e) {
            partFailed(part, "it was interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void begin(NodeRun part, NodeLocation place) throws IOException {
        if (spread.cancelReason() != null || part.isCancelled() || !parts.containsKey(part.id())) {
            ended(part, null);
            return;
        }
        part.files().writeSpec(files.part(part.id(), place.workspace(), place.width()));
        part.open(place);
        spread.join(part.id(), name(place), place.width());
        part.feed(spread.take(part.id()));
        part.start();
        common.observer().tell("on " + place.location().nodeText() + ", " + place.width() + " at once");
    }

    private static String name(NodeLocation place) {
        return place.node().isEmpty() ? "built-in" : place.node();
    }

    @Override
    public void branchThrough(NodeRun part, int index) {
        spread.through(part.id(), index);
    }

    /** What is due then is done once for all that end meanwhile. */
    @Override
    public void branchEnded(NodeRun part, Outcome outcome) {
        try {
            spread.ended(part.id(), outcome);
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
    public void partFailed(NodeRun part, String why) {
        perform(() -> {
            if (parts.containsKey(part.id())) {
                part.abandon();
                ended(part, why);
            }
        });
    }

    @Override
    public void partFinished(NodeRun part, JournalEntry.Finished last) {
        events.execute(() -> {
            part.dispose();
            if (leaving.remove(part)) {
                giveBack(part);
            }
        });
        perform(() -> ended(part, last.failure()));
    }

    /** @param why it ended before the run, or {@code null} if it was asked to */
    private void ended(NodeRun part, @CheckForNull String why) throws IOException {
        if (!parts.containsKey(part.id())) {
            return;
        }
        drop(part, why != null);
        if (spread.cancelReason() != null) {
            return;
        }
        RunLocation location = part.place().location();
        String reason = why != null ? why : part.cancelReason();
        common.observer().warn(location.nodeText() + " gets no more branches: " + reason);
        if (location.isConnected()) {
            demand.refuse(location.node(), reason, parts.isEmpty());
        } else {
            demand.lose(location.nodeText() + ": " + reason);
        }
    }

    private void drop(NodeRun part, boolean died) throws IOException {
        parts.remove(part.id());
        spread.leave(part.id(), died);
        giveBack(part);
    }

    private void giveBack(NodeRun part) {
        demand.giveBack(part.place().location().node(), part.block());
    }
}
