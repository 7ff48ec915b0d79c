package io.jenkins.plugins.concurrency.nodes;

import com.google.common.util.concurrent.MoreExecutors;
import hudson.model.Computer;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.engine.distribution.DistributionFiles;
import io.jenkins.plugins.concurrency.engine.distribution.WorkDistributor;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.run.EarlierResults;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunJournal;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.file.BranchFile;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * A run on several of Jenkins' nodes, as its step sees it. It gets the nodes from a step's {@link NodeBlocks}, assigns
 * branches to them, a few at a time, and writes the whole journal in the build directory. Each node does its part as a
 * node run.
 *
 * <p>A serial executor, {@code events}, handles all events one after the other, and never waits for agents. So no lock
 * is needed here. Methods that others call return at once unless they say otherwise.
 */
public final class MultiNodeRun implements RunHandle {

    private static final Logger LOGGER = Logger.getLogger(MultiNodeRun.class.getName());

    /** How long supervisors may take to end when they have no more work. */
    private static final long LEAVE_SECONDS = 10;

    private final Run<?, ?> build;
    private final RunFiles files;

    /** Negative until the run is opened, if the branches came from a list. */
    private int total;

    private final NodeBlocks blocks;
    private final NodesObserver observer;
    private final Executor events = MoreExecutors.newSequentialExecutor(Computer.threadPoolForRemoting);

    /** Used only on the serial executor. Also knows whether the run is over. */
    private final NodeDemand demand;

    /** The reason if the run was cancelled before it was opened. Guarded by this. */
    private String cancelledBefore;

    // Set when the run is opened, before the serial executor does anything.
    private WorkDistributor distributor;
    private RunJournal record;
    private NodeRuns nodeRuns;

    /** Why the rest was given up; {@code null} if it was not. Used only on the serial executor. */
    private String givenUp;

    /**
     * @param build waits for the run
     * @param files the run's files in the build directory, with its spec, branches and {@link NodesRequest}
     * @param total how many branches there are; negative if that has to be counted
     * @param blocks get its nodes; all of them ask for one when it starts
     */
    public MultiNodeRun(Run<?, ?> build, RunFiles files, int total, NodeBlocks blocks, NodesObserver observer) {
        this.build = build;
        this.files = files;
        this.total = total;
        this.blocks = blocks;
        this.observer = observer;
        this.demand = new NodeDemand(blocks, observer);
    }

    /** Returns when the files have been opened. */
    @Override
    public void start() throws IOException, InterruptedException {
        NodesRequest request = open(JournalIndex.read(files.journal()), List.of());
        nodeRuns.perform(() -> demand.start(request));
        blocks.attach(nodeRuns);
    }

    /** Returns when the files have been opened. */
    @Override
    public void resume() throws IOException, InterruptedException {
        JournalIndex before = JournalIndex.read(files.journal());
        before.forEach(observer::branchRestored);
        if (before.finished() != null) {
            observer.finished(before.finished());
            blocks.end();
            return;
        }
        List<PersistedNodeRun> persisted = PersistedNodeRun.all(files);
        List<Feed.Line> had = new ArrayList<>();
        for (PersistedNodeRun nodeRun : persisted) {
            had.addAll(nodeRun.lines());
        }
        NodesRequest request = open(before, had);
        nodeRuns.perform(() -> {
            demand.resume(request);
            for (PersistedNodeRun nodeRun : persisted) {
                nodeRuns.restore(nodeRun);
            }
        });
        blocks.attach(nodeRuns);
    }

    private NodesRequest open(JournalIndex before, List<Feed.Line> had) throws IOException {
        NodesRequest request = NodesRequest.read(files);
        RunSpec spec = files.readSpec();
        total = total < 0 ? BranchFile.count(files.branches()) : total;
        DistributionFiles layout = new DistributionFiles(files, spec, total);
        record = new RunJournal(files, spec, observer::branchEnded);
        record.begin(0);
        EarlierResults.reuse(files, spec.work(), before, MultiNodeRun::isWhole, () -> cancelledBefore != null, record);
        WorkDistributor opened = layout.open(request.nodes(), before, had, record);
        NodeRun.Common common = new NodeRun.Common(build, request, observer, total, record);
        NodeRuns made = new NodeRuns(common, layout, opened, demand, events, this::handle);
        synchronized (this) {
            distributor = opened;
            nodeRuns = made;
        }
        if (cancelledBefore != null) {
            distributor.cancel(cancelledBefore);
        }
        return request;
    }

    /** Files are on nodes that are not known yet, so that nobody can tell whether they have changed. */
    private static boolean isWhole(Outcome earlier) {
        return !earlier.details().containsKey(OutcomeDetail.PATH);
    }

    @Override
    public void cancel(String why) {
        synchronized (this) {
            cancelledBefore = why;
            if (nodeRuns == null) {
                return;
            }
        }
        nodeRuns.perform(() -> distributor.cancel(why));
    }

    @Override
    public CompletionStage<Void> abandon() {
        return CompletableFuture.runAsync(this::abandonNow, events);
    }

    private void abandonNow() {
        demand.close();
        if (nodeRuns != null) {
            nodeRuns.abandon();
        }
        if (build.isBuilding()) {
            blocks.end();
        } else {
            blocks.endByForce();
        }
        if (nodeRuns != null) {
            nodeRuns.abandonLeaving(true);
        }
        close();
    }

    private void handle(NodeRuns.Event event) {
        if (demand.isClosed() || !build.isBuilding()) { // then it was killed, and nobody can get the results
            return;
        }
        try {
            event.run();
            proceed();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** Does what is necessary in the present state. */
    private void proceed() throws IOException {
        String stopped = distributor.cancelReason();
        if (stopped != null) {
            nodeRuns.stop(stopped, !distributor.isHalted());
        } else {
            nodeRuns.feed();
        }
        String stuck = demand.decide(distributor.pending(), nodeRuns.count(), stopped != null);
        if (stuck != null) {
            givenUp = stuck;
            distributor.markRestLost(stuck);
        }
        if (distributor.isOver() && nodeRuns.count() == 0) {
            finish();
        }
    }

    private void finish() {
        demand.close();
        JournalEntry.Finished last;
        try {
            last = record.end(total, givenUp);
        } catch (IOException e) {
            last = new JournalEntry.Finished(0, FailureText.of(e));
        }
        close();
        observer.finished(last);
        nodeRuns.abandonLeaving(false);
        Timer.get().schedule(
                () -> events.execute(() -> nodeRuns.abandonLeaving(true)), LEAVE_SECONDS, TimeUnit.SECONDS);
    }

    /** The run can't continue after an error such as an unwritable journal. */
    private void fail(Exception cause) {
        LOGGER.log(Level.WARNING, cause, () -> "a run of " + build + " on several nodes failed");
        abandonNow();
        observer.finished(new JournalEntry.Finished(0, FailureText.of(cause)));
    }

    private void close() {
        try {
            if (record != null) {
                record.close();
            }
            if (distributor != null) {
                distributor.close();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't close " + files);
        }
    }
}
