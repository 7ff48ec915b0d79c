package io.jenkins.plugins.concurrency.nodes;

import com.google.common.util.concurrent.MoreExecutors;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Label;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.distribution.DistributionFiles;
import io.jenkins.plugins.concurrency.engine.distribution.WorkDistributor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunJournal;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.CauseOfInterruption;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution;

/**
 * A run on several of Jenkins' nodes. It gets them by a step's {@link NodeBlocks}, assigns the branches to them, a few
 * at a time, and writes the journal of the whole in the build directory. Each node does its part as a node run.
 *
 * <p>A serial executor, {@code lane}, handles all events one after the other and never waits for agents. So nothing here
 * needs a lock. Methods that are called by others return at once unless they say otherwise.
 */
public final class MultiNodeRun implements RunHandle, NodeBlock.Listener, NodeRun.Whole {

    private static final Logger LOGGER = Logger.getLogger(MultiNodeRun.class.getName());

    /** How long supervisors may take to end when there is nothing more for them. */
    private static final long LEAVE_SECONDS = 10;

    private final Run<?, ?> build;
    private final RunFiles files;
    private final int total;
    private final NodeBlocks blocks;
    private final NodesObserver observer;
    private final Executor lane = MoreExecutors.newSequentialExecutor(Computer.threadPoolForRemoting);
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final NodesInUse nodes = new NodesInUse();
    /** Why the run was cancelled before it was opened. Guarded by this. */
    private String cancelledBefore;

    // Known once the run has been opened, before the serial executor does anything.
    private NodesRequest request;
    private NodeRun.Common common;
    private RunSpec spec;
    private DistributionFiles spreadFiles;
    private WorkDistributor spread;
    private RunJournal record;

    // Used on the serial executor alone.
    private final Map<String, NodeRun> parts = new LinkedHashMap<>();
    private final Set<NodeRun> leaving = new LinkedHashSet<>();

    /** Those that ask for a node, or wait for one. */
    private final Set<NodeBlock> asking = new LinkedHashSet<>();

    /** Those that wait for the decision whether to ask for another. */
    private final Set<NodeBlock> idle = new LinkedHashSet<>();

    /** Why the last node left, if no other is to be waited for. */
    private String failure;

    /** Why the rest was given up, if it was. */
    private String givenUp;

    private boolean over;

    /**
     * @param build waits for the run
     * @param files the run's files in the build directory, with its spec, branches and {@link NodesRequest}
     * @param total how many branches there are
     * @param blocks get its nodes; all of them ask for one when it starts
     */
    public MultiNodeRun(Run<?, ?> build, RunFiles files, int total, NodeBlocks blocks, NodesObserver observer) {
        this.build = build;
        this.files = files;
        this.total = total;
        this.blocks = blocks;
        this.observer = observer;
    }

    /** Returns when the files have been opened. */
    @Override
    public void start() throws IOException, InterruptedException {
        open(JournalIndex.read(files.journal()), List.of());
        tellOfNodes();
        perform(() -> asking.addAll(blocks.all()));
        blocks.attach(this);
    }

    /** Returns when the files have been opened. */
    @Override
    public void resume() throws IOException, InterruptedException {
        JournalIndex before = JournalIndex.read(files.journal());
        before.forEach(observer::branchEnded);
        if (before.finished() != null) {
            observer.finished(before.finished());
            blocks.end();
            return;
        }
        List<PersistedNodeRun> told = PersistedNodeRun.all(files);
        List<Feed.Line> had = new ArrayList<>();
        for (PersistedNodeRun part : told) {
            had.addAll(part.lines());
        }
        open(before, had);
        perform(() -> {
            blocks.all().stream().filter(NodeBlock::isLive).forEach(asking::add);
            for (PersistedNodeRun part : told) {
                takeUp(part);
            }
        });
        blocks.attach(this);
    }

    private void takeUp(PersistedNodeRun told) throws IOException {
        NodeBlock block = blocks.all().stream()
                .filter(each -> each.context() != null && each.part() == told.number())
                .findFirst()
                .orElse(null);
        NodeRun part = new NodeRun(common, this, told.id(), told.files(), told.place(), block);
        asking.remove(block);
        String node = told.place().location().node();
        if (told.isAtEnd()) {
            leaving.add(part);
            part.open(told.place());
            part.resume();
            return;
        }
        nodes.use(node);
        parts.put(part.id(), part);
        spread.rejoin(part.id(), name(told.place()), told.place().width(), told.lines());
        part.open(told.place());
        part.resume();
        if (block == null) {
            part.abandon();
            ended(part, "it was given back");
        }
    }

    /** What is there now; there may be more later. */
    private void tellOfNodes() {
        Label label = Label.get(request.label());
        int there = label == null ? 0 : label.getNodes().size();
        if (there < request.nodes()) {
            observer.tell((there == 1 ? "1 node has" : (there == 0 ? "no node has" : there + " nodes have"))
                    + " the label '" + request.label() + "'; " + request.nodes() + " may work for this step");
        }
    }

    private void open(JournalIndex before, List<Feed.Line> had) throws IOException {
        request = NodesRequest.read(files);
        common = new NodeRun.Common(build, request, observer, total);
        spec = files.readSpec();
        spreadFiles = new DistributionFiles(files, spec, total);
        record = new RunJournal(files, spec, observer::branchEnded);
        record.begin(0);
        WorkDistributor opened = spreadFiles.open(request.nodes(), before, had, record);
        synchronized (this) {
            spread = opened;
        }
        if (cancelledBefore != null) {
            spread.cancel(cancelledBefore);
        }
    }

    @Override
    public void cancel(String why) {
        synchronized (this) {
            cancelledBefore = why;
            if (spread == null) {
                return;
            }
        }
        perform(() -> spread.cancel(why));
    }

    @Override
    public CompletionStage<Void> abandon() {
        return CompletableFuture.runAsync(this::abandonNow, lane);
    }

    private void abandonNow() {
        over = true;
        parts.values().forEach(NodeRun::abandon);
        parts.clear();
        if (build.isBuilding()) {
            blocks.end();
        } else {
            blocks.endByForce();
        }
        abandonRest();
        close();
    }

    /** Does something on the serial executor. */
    private interface Event {
        void happen() throws IOException;
    }

    private void perform(Event event) {
        lane.execute(() -> {
            if (!over && build.isBuilding()) { // or it was killed, and nobody can get the results
                act(event);
            }
        });
    }

    private void act(Event event) {
        try {
            event.happen();
            lookNow();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** The same of a block that waits for the result. */
    private void perform(NodeBlock block, Event event) {
        lane.execute(() -> {
            if (over) {
                block.leave(false);
            } else if (build.isBuilding()) {
                act(event);
            }
        });
    }

    /** Has a look soon, once for all that happens meanwhile. */
    private void lookSoon() {
        if (lookingSoon.compareAndSet(false, true)) {
            lane.execute(this::look);
        }
    }

    private void look() {
        lookingSoon.set(false);
        perform(() -> {});
    }

    /** What is to be done as things are now. */
    private void lookNow() throws IOException {
        String stopped = spread.cancelReason();
        if (stopped != null) {
            parts.values().forEach(part -> part.cancel(stopped));
        } else {
            feedParts();
        }
        answerBlocks();
        if (stopped != null || spread.pending() == 0) {
            withdraw();
        }
        if (spread.isOver() && parts.isEmpty()) {
            finish();
        }
    }

    /** Nothing is left for nodes that may still come. */
    private void withdraw() {
        asking.forEach(NodeBlock::end);
        asking.clear();
    }

    private void feedParts() throws IOException {
        for (NodeRun part : List.copyOf(parts.values())) {
            if (!part.isOpen()) {
                continue;
            }
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

    /** Tells those that have given a node back whether to ask for another. */
    private void answerBlocks() throws IOException {
        for (NodeBlock block : idle) {
            int useful = Math.min(request.nodes() - nodes.refused(), spread.pending() + parts.size());
            boolean again = failure == null
                    && spread.cancelReason() == null
                    && spread.pending() > 0
                    && parts.size() + asking.size() < useful;
            if (again) {
                asking.add(block);
            }
            block.leave(again);
        }
        idle.clear();
        if (!parts.isEmpty() || spread.pending() == 0) {
            return;
        }
        if (asking.isEmpty() && failure == null) {
            failure = "no node is left for it";
        }
        if (failure != null) {
            withdraw();
            givenUp = failure;
            spread.loseRest(givenUp);
        }
    }

    private void finish() {
        over = true;
        JournalEntry.Finished last;
        try {
            last = record.end(total, givenUp);
        } catch (IOException e) {
            last = new JournalEntry.Finished(0, FailureText.of(e));
        }
        close();
        observer.finished(last);
        for (NodeRun part : List.copyOf(leaving)) {
            if (!part.place().location().isConnected()) {
                leaving.remove(part);
                part.abandon();
                giveBack(part);
            }
        }
        Timer.get().schedule(() -> lane.execute(this::abandonRest), LEAVE_SECONDS, TimeUnit.SECONDS);
    }

    /** Agents that went away at the last moment. */
    private void abandonRest() {
        leaving.forEach(part -> {
            part.abandon();
            giveBack(part);
        });
        leaving.clear();
    }

    /** An error such as an unwritable journal: the run can't continue. */
    private void fail(Exception cause) {
        LOGGER.log(Level.WARNING, cause, () -> "a run of " + build + " on several nodes failed");
        abandonNow();
        observer.finished(new JournalEntry.Finished(0, FailureText.of(cause)));
    }

    private void close() {
        try {
            if (record != null) {
                record.close();
                spread.close();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't close " + files);
        }
    }

    @Override
    @CheckForNull
    public String refusalOf(String node) {
        return nodes.isRefused(node) ? "it failed for this step" : null;
    }

    @Override
    public void nodeIsThere(NodeBlock block) {
        perform(block, () -> admit(block));
    }

    private void admit(NodeBlock block) {
        NodeRun returning = partOf(block);
        if (returning != null) {
            returning.hold();
            return;
        }
        StepContext context = block.context();
        if (!asking.remove(block) || context == null || spread.cancelReason() != null || spread.pending() == 0) {
            idle.add(block);
            return;
        }
        String node = null;
        try {
            Computer computer = context.get(Computer.class);
            node = computer.getName();
            if (!nodes.use(node)) {
                idle.add(block);
                return;
            }
            String id = spec.id() + "-" + block.part();
            NodeLocation place = NodeLocation.of(computer, context.get(FilePath.class), id);
            NodeRun part = new NodeRun(common, this, id, filesOf(id), place, block);
            part.hold();
            parts.put(id, part);
            place.location().threads().execute(() -> prepare(part));
        } catch (IOException | RuntimeException e) {
            refuse(block, node, FailureText.of(e));
        } catch (InterruptedException e) {
            refuse(block, node, "it was interrupted");
            Thread.currentThread().interrupt();
        }
    }

    /** A node can't have a part. */
    private void refuse(NodeBlock block, @CheckForNull String node, String why) {
        idle.add(block);
        if (node == null) { // it went away again at once
            if (nodes.lost()) {
                failure = "too many nodes were lost; " + why;
            }
            return;
        }
        nodes.free(node);
        observer.warn(RunLocation.nodeText(node) + " is not used: " + why);
        refuse(node, RunLocation.nodeText(node) + ": " + why);
    }

    @CheckForNull
    private NodeRun partOf(NodeBlock block) {
        return Stream.concat(parts.values().stream(), leaving.stream())
                .filter(part -> part.block() == block)
                .findFirst()
                .orElse(null);
    }

    /** The run directory of a part. */
    RunFiles filesOf(String part) throws IOException {
        return spreadFiles.part(part);
    }

    @Override
    public void nodeFailed(NodeBlock block, Throwable cause) {
        perform(block, () -> {
            NodeRun part = partOf(block);
            if (part != null) {
                part.abandon();
                if (leaving.remove(part)) {
                    giveBack(part);
                } else {
                    ended(part, text(cause));
                }
                return;
            }
            asking.remove(block);
            idle.add(block);
            nodes.oneFewer();
            boolean cancelled = isCancelledInQueue(cause);
            if (parts.isEmpty() && asking.isEmpty()) {
                failure = cancelled ? "its places in the queue were cancelled" : "it gets no node: " + text(cause);
            } else {
                observer.warn((cancelled ? "a place in the queue was cancelled" : text(cause)) + ": one node fewer");
            }
        });
    }

    private static boolean isCancelledInQueue(Throwable cause) {
        return cause instanceof FlowInterruptedException interruption
                && interruption.getCauses().stream()
                        .anyMatch(ExecutorStepExecution.QueueTaskCancelled.class::isInstance);
    }

    private static String text(Throwable cause) {
        String text = cause instanceof FlowInterruptedException interruption
                ? interruption.getCauses().stream()
                        .map(CauseOfInterruption::getShortDescription)
                        .collect(Collectors.joining(", "))
                : String.valueOf(cause.getMessage());
        return text.isEmpty() ? "its 'node' was interrupted" : text;
    }

    @Override
    public void blockEnded(NodeBlock block) {
        perform(() -> {
            asking.remove(block);
            idle.remove(block);
        });
    }

    private void prepare(NodeRun part) {
        try {
            NodeLocation ready = new NodePreparation(build, observer.listener(), request.stash())
                    .prepare(part.place(), spec, part.environment());
            perform(() -> begin(part, ready));
        } catch (AbortException e) {
            perform(() -> {
                failure = e.getMessage();
                drop(part, false);
                nodes.refuseAll();
            });
        } catch (IOException | RuntimeException e) {
            partFailed(part, FailureText.of(e));
        } catch (InterruptedException e) {
            partFailed(part, "it was interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void begin(NodeRun part, NodeLocation place) throws IOException {
        if (!parts.containsKey(part.id())) {
            return;
        }
        if (spread.cancelReason() != null || part.isCancelled()) {
            ended(part, null);
            return;
        }
        part.files().writeSpec(spreadFiles.part(part.id(), place.workspace(), place.width()));
        part.open(place);
        spread.join(part.id(), name(place), place.width());
        List<Feed.Line> lines = spread.take(part.id());
        part.feed(lines);
        part.start();
        observer.tell("on " + place.location().nodeText() + ", " + place.width() + " at once");
    }

    private static String name(NodeLocation place) {
        return place.location().node().isEmpty() ? "built-in" : place.location().node();
    }

    @Override
    public void branchThrough(NodeRun part, int index) {
        spread.through(part.id(), index);
    }

    @Override
    public void branchEnded(NodeRun part, Outcome outcome) {
        try {
            spread.ended(part.id(), outcome);
            lookSoon();
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
        lane.execute(() -> {
            part.dispose();
            if (leaving.remove(part)) {
                giveBack(part);
            }
        });
        perform(() -> {
            if (parts.containsKey(part.id())) {
                ended(part, last.failure());
            }
        });
    }

    /** @param why it ended before the run, or {@code null} if it was asked to */
    private void ended(NodeRun part, @CheckForNull String why) throws IOException {
        drop(part, why != null);
        if (spread.cancelReason() != null) {
            return;
        }
        RunLocation location = part.place().location();
        String reason = why != null ? why : part.cancelReason();
        observer.warn(location.nodeText() + " gets no more branches: " + reason);
        if (location.isConnected()) {
            refuse(location.node(), location.nodeText() + ": " + reason);
        } else if (nodes.lost()) {
            failure = "too many nodes were lost; " + location.nodeText() + ": " + reason;
        }
    }

    /** A connected node failed; asking for it again would not help. */
    private void refuse(String node, String why) {
        nodes.refuse(node);
        if (parts.isEmpty() && !isAnotherPossible()) {
            failure = why;
        }
    }

    /** Whether there is a node to wait for beside those that failed, or a cloud that may start one. */
    private boolean isAnotherPossible() {
        Label label = Label.get(request.label());
        if (label == null || nodes.refused() >= request.nodes()) {
            return false;
        }
        return !label.getClouds().isEmpty()
                || label.getNodes().stream().anyMatch(node -> nodes.isFree(node.getNodeName()));
    }

    private void drop(NodeRun part, boolean died) throws IOException {
        parts.remove(part.id());
        spread.leave(part.id(), died);
        giveBack(part);
    }

    /** A part has no use for its node any more. */
    private void giveBack(NodeRun part) {
        nodes.free(part.place().location().node());
        if (part.block() == null) {
            return;
        }
        if (over) {
            part.block().leave(false);
        } else {
            idle.add(part.block());
        }
    }

    @Override
    public void takenAway(NodeBlock block) {
        perform(() -> {
            NodeRun part = partOf(block);
            if (part == null) {
                idle.add(block);
            } else if (parts.containsKey(part.id()) && part.place().location().isConnected()) {
                part.cancel("its executor was lost");
            }
        });
    }
}
