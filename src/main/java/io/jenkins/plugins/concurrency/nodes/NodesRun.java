package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Executor;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.FollowedRun;
import io.jenkins.plugins.concurrency.agent.Lane;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.Feed;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunRecord;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.spread.Spread;
import io.jenkins.plugins.concurrency.engine.spread.SpreadFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/**
 * A run on several of Jenkins' nodes. It asks the queue for nodes, hands the branches to those that are there, a few at a
 * time, and keeps the journal of the whole in the build directory; each node's part is a run of its own.
 *
 * <p>What happens is dealt with one after the other on a lane, which never waits for an agent; so nothing here needs a
 * lock. Methods that are called by others return at once unless they say otherwise.
 */
public final class NodesRun implements FollowedRun {

    private static final Logger LOGGER = Logger.getLogger(NodesRun.class.getName());

    /** How long supervisors may take to end when there is nothing more for them. */
    private static final long LEAVE_SECONDS = 60;

    private final Run<?, ?> build;
    private final RunFiles files;
    private final int total;
    private final NodesObserver observer;
    private final Lane lane = new Lane(1);
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final NodesInUse nodes = new NodesInUse();
    private final AtomicInteger numbers = new AtomicInteger();
    private final NodeWait wait = new NodeWait(lane, this::tellWhatIsAwaited);

    /** Why the run was cancelled before it was opened. Guarded by this. */
    private String cancelledBefore;

    // Known once the run has been opened, before anything happens on the lane.
    private NodesRequest request;
    private RunSpec spec;
    private SpreadFiles spreadFiles;
    private Spread spread;
    private RunRecord record;

    // Used on the lane alone.
    private final Map<String, NodePart> parts = new LinkedHashMap<>();
    private final Set<NodePart> leaving = new LinkedHashSet<>();
    private final Set<NodeTask> tasks = new LinkedHashSet<>();

    /** Why the last node left, if no other is to be waited for. */
    private String failure;

    /** Why the rest was given up, if it was. */
    private String givenUp;

    private boolean over;

    /**
     * @param build waits for the run
     * @param files the run's files in the build directory, with its spec, branches and {@link NodesRequest}
     * @param total how many branches there are
     */
    public NodesRun(
            @NonNull Run<?, ?> build, @NonNull RunFiles files, int total, @NonNull NodesObserver observer) {
        this.build = build;
        this.files = files;
        this.total = total;
        this.observer = observer;
    }

    @NonNull
    Run<?, ?> build() {
        return build;
    }

    @NonNull
    NodesRequest request() {
        return request;
    }

    @NonNull
    NodesObserver observer() {
        return observer;
    }

    int total() {
        return total;
    }

    /** Returns when the files have been opened. */
    @Override
    public void start() throws IOException, InterruptedException {
        open(JournalIndex.read(files.journal()), List.of());
        tellOfNodes();
        lane.execute(this::look);
    }

    /** Returns when the files have been opened. */
    @Override
    public void resume() throws IOException, InterruptedException {
        JournalIndex before = JournalIndex.read(files.journal());
        before.forEach(observer::branchEnded);
        if (before.finished() != null) {
            observer.finished(before.finished());
            return;
        }
        List<ToldPart> told = ToldPart.all(files);
        List<Feed.Line> had = new ArrayList<>();
        for (ToldPart part : told) {
            had.addAll(part.lines());
            numbers.accumulateAndGet(part.number(), Math::max);
        }
        open(before, had);
        perform(() -> {
            for (ToldPart part : told) {
                takeUp(part);
            }
        });
    }

    private void takeUp(ToldPart told) throws IOException {
        NodePart part = new NodePart(this, told.id(), told.files(), told.place());
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
        part.await(new NodeTask(this, build, selfLabel(node), request.user(), part));
    }

    private static String selfLabel(String name) {
        Node node = name.isEmpty() ? Jenkins.get() : Jenkins.get().getNode(name);
        return node == null ? name : node.getSelfLabel().getName();
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
        spec = files.readSpec();
        spreadFiles = new SpreadFiles(files, spec, total);
        record = new RunRecord(files, spec, observer::branchEnded);
        record.begin(0);
        Spread opened = spreadFiles.open(request.nodes(), before, had, record);
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
        tasks.forEach(NodeTask::withdraw);
        tasks.clear();
        parts.values().forEach(NodePart::abandon);
        parts.clear();
        abandonRest();
        wait.set(false);
        close();
    }

    /** Something that happens on the lane. */
    private interface Event {
        void happen() throws IOException;
    }

    private void perform(Event event) {
        lane.execute(() -> {
            if (over) {
                return;
            }
            try {
                event.happen();
                lookNow();
            } catch (IOException | RuntimeException e) {
                fail(e);
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
        boolean pending = spread.pending() > 0;
        if (stopped != null || !pending) {
            tasks.forEach(NodeTask::withdraw);
            tasks.clear();
        }
        if (stopped != null) {
            parts.values().forEach(part -> part.cancel(stopped));
        } else {
            feedParts();
            askForNodes();
        }
        wait.set(hasNoNode() && !awaited().isEmpty());
        if (spread.isOver() && parts.isEmpty()) {
            finish();
        }
    }

    private boolean hasNoNode() {
        return parts.values().stream().noneMatch(NodePart::isHeld);
    }

    /** What waits in the queue. */
    private List<NodeTask> awaited() {
        return Stream.concat(tasks.stream(), parts.values().stream().map(NodePart::awaited))
                .filter(Objects::nonNull)
                .toList();
    }

    private void tellWhatIsAwaited() {
        if (!over && hasNoNode()) {
            awaited().stream()
                    .map(NodeTask::whyItWaits)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(why -> observer.warn("still waits for a node: " + why));
        }
    }

    private void feedParts() throws IOException {
        for (NodePart part : List.copyOf(parts.values())) {
            if (!part.isOpen()) {
                continue;
            }
            List<Feed.Line> lines = part.isHeld() ? spread.take(part.id()) : List.of();
            if (!lines.isEmpty()) {
                part.feed(lines);
            } else if (spread.isIdle(part.id()) && spread.pending() == 0) {
                parts.remove(part.id());
                spread.leave(part.id(), false);
                nodes.free(part.place().location().node());
                leaving.add(part);
                part.leave();
            }
        }
    }

    private void askForNodes() throws IOException {
        int useful = Math.min(request.nodes() - nodes.refused(), spread.pending() + parts.size());
        for (int missing = useful - parts.size() - tasks.size(); missing > 0 && spread.pending() > 0; missing--) {
            NodeTask task = new NodeTask(this, build, request.label(), request.user(), null);
            tasks.add(task);
            task.enter();
        }
        if (parts.isEmpty() && failure != null && spread.pending() > 0) {
            tasks.forEach(NodeTask::withdraw);
            tasks.clear();
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
            last = new JournalEntry.Finished(0, e.getMessage());
        }
        close();
        observer.finished(last);
        Timer.get().schedule(() -> lane.execute(this::abandonRest), LEAVE_SECONDS, TimeUnit.SECONDS);
    }

    /** Agents that went away at the last moment. */
    private void abandonRest() {
        List.copyOf(leaving).forEach(NodePart::abandon);
        leaving.clear();
    }

    /** The journal can't be written, or something like that: nothing can go on. */
    private void fail(Exception cause) {
        LOGGER.log(Level.WARNING, cause, () -> "a run of " + build + " on several nodes failed");
        abandonNow();
        observer.finished(new JournalEntry.Finished(0, String.valueOf(cause.getMessage())));
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

    /** Why a node is not for a task, or {@code null} if it is. */
    @CheckForNull
    String refusalOf(@NonNull NodeTask task, @NonNull String node) {
        NodePart returning = task.returning();
        if (returning == null) {
            return nodes.refusalOf(node);
        }
        RunLocation location = returning.place().location();
        return location.node().equals(node) ? null : "it goes on on " + location.nodeText();
    }

    /** A node has an executor for the run. Called on it: see {@link NodeArrival}. */
    @CheckForNull
    NodeHold nodeIsThere(@NonNull NodeTask task, @NonNull Executor executor) {
        NodeArrival arrival = new NodeArrival(this, task, executor);
        NodePart returning = task.returning();
        if (returning != null) {
            return arrival.hold(returning);
        }
        String node = executor.getOwner().getName();
        return nodes.use(node) ? arrival.begin(spec.id() + "-" + numbers.incrementAndGet()) : arrival.refuse();
    }

    /** The run directory of a part. */
    @NonNull
    RunFiles filesOf(@NonNull String part) throws IOException {
        return spreadFiles.part(part);
    }

    /** A task is no use. */
    void taskEnded(@NonNull NodeTask task) {
        perform(() -> tasks.remove(task)); // and another is asked for
    }

    /** A node can't have a part. */
    void nodeFailed(@NonNull NodeTask task, @NonNull String node, @NonNull String why) {
        perform(() -> {
            tasks.remove(task);
            nodes.free(node);
            observer.warn(RunLocation.nodeText(node) + " is not used: " + why);
            refuse(node, RunLocation.nodeText(node) + ": " + why);
        });
    }

    /** A part has its node again. */
    void returned(@NonNull NodePart part, @NonNull NodeHold hold) {
        lane.execute(() -> {
            if (over || !parts.containsKey(part.id())) {
                hold.release();
            } else {
                part.hold(hold);
                lookSoon();
            }
        });
    }

    /** A part has got a node. */
    void arrived(@NonNull NodeTask task, @NonNull NodePart part) {
        lane.execute(() -> admit(task, part));
    }

    private void admit(NodeTask task, NodePart part) {
        boolean wanted = tasks.remove(task) && !over && spread.cancelReason() == null && spread.pending() > 0;
        if (!wanted) {
            part.release();
            nodes.free(part.place().location().node());
            lookSoon();
            return;
        }
        parts.put(part.id(), part);
        part.place().location().threads().execute(() -> prepare(part));
    }

    private void prepare(NodePart part) {
        try {
            NodePlace ready = new NodePreparation(build, observer.listener(), request.stash())
                    .prepare(part.place(), spec, environment(part.place()));
            perform(() -> begin(part, ready));
        } catch (AbortException e) {
            perform(() -> {
                failure = e.getMessage();
                drop(part, false);
                nodes.refuseAll();
            });
        } catch (IOException | RuntimeException e) {
            partFailed(part, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            partFailed(part, "it was interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private void begin(NodePart part, NodePlace place) throws IOException {
        if (spread.cancelReason() != null || !parts.containsKey(part.id())) {
            drop(part, false);
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

    private static String name(NodePlace place) {
        return place.location().node().isEmpty() ? "built-in" : place.location().node();
    }

    /** A branch has done all but for its files, which are to be brought here. Called by any thread. */
    void branchThrough(@NonNull NodePart part, int index) {
        spread.through(part.id(), index);
    }

    /** Called by any thread, often. */
    void branchEnded(@NonNull NodePart part, @NonNull Outcome outcome) {
        try {
            spread.ended(part.id(), outcome);
            lookSoon();
        } catch (IOException e) {
            perform(() -> {
                throw e;
            });
        }
    }

    /** A part can't be taken up on its node. */
    void partFailed(@NonNull NodePart part, @NonNull String why) {
        perform(() -> {
            if (parts.containsKey(part.id())) {
                part.abandon();
                ended(part, why);
            }
        });
    }

    /** A part's run is over, in one way or another. */
    void partFinished(@NonNull NodePart part, @NonNull JournalEntry.Finished last) {
        lane.execute(() -> {
            part.dispose();
            leaving.remove(part);
        });
        perform(() -> {
            if (parts.containsKey(part.id())) {
                ended(part, last.failure());
            }
        });
    }

    /** @param why it ended before the run, or {@code null} if it was told to */
    private void ended(NodePart part, String why) throws IOException {
        drop(part, why != null);
        if (spread.cancelReason() != null) {
            return;
        }
        RunLocation location = part.place().location();
        String reason = why != null ? why : part.cancelReason();
        observer.warn(location.nodeText() + " does no more: " + reason);
        if (location.isConnected()) {
            refuse(location.node(), location.nodeText() + ": " + reason);
        } else if (nodes.lost()) {
            failure = "too many nodes went away; " + location.nodeText() + ": " + reason;
        }
    }

    /** A node that is there does not do; it does not get better by asking it again. */
    private void refuse(String node, String why) {
        nodes.refuse(node);
        if (parts.isEmpty() && !isAnotherPossible()) {
            failure = why;
        }
    }

    /** Whether there is a node to wait for beside those that did not do, or somebody who may start one. */
    private boolean isAnotherPossible() {
        Label label = Label.get(request.label());
        if (label == null || nodes.refused() >= request.nodes()) {
            return false;
        }
        return !label.getClouds().isEmpty()
                || label.getNodes().stream().anyMatch(node -> nodes.refusalOf(node.getNodeName()) == null);
    }

    private void drop(NodePart part, boolean died) throws IOException {
        parts.remove(part.id());
        spread.leave(part.id(), died);
        part.release();
        nodes.free(part.place().location().node());
    }

    /** Somebody wants an executor back; one of an agent that is not there is not what somebody wants. */
    void takenAway(@NonNull NodePart part) {
        perform(() -> {
            if (parts.containsKey(part.id()) && part.place().location().isConnected()) {
                part.cancel("its executor was taken away");
            }
        });
    }

    /** Somebody has taken a task out of the queue. */
    void taskCancelled(@NonNull NodeTask task) {
        perform(() -> {
            if (task.returning() != null) {
                task.returning().cancel("its place in the queue was cancelled");
            } else if (tasks.remove(task)) {
                nodes.oneFewer();
                if (parts.isEmpty() && tasks.isEmpty()) {
                    failure = "its places in the queue were cancelled";
                } else {
                    observer.warn("a place in the queue was cancelled: one node fewer");
                }
            }
        });
    }

    @NonNull
    EnvVars environment(@NonNull NodePlace place) throws IOException, InterruptedException {
        return observer.environment(NodeEnvironment.of(place, observer.listener()));
    }

    void warn(@NonNull String message) {
        observer.warn(message);
    }
}
