package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.agent.KeptOutputs;
import io.jenkins.plugins.concurrency.agent.RunDirectory;
import io.jenkins.plugins.concurrency.agent.RunFeed;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.follow.AgentRun;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunJournal;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The part of a run that one node does. It is an ordinary run on an agent, which gets further branches as it goes on.
 * Its methods are called on the executor of the whole run, unless they say otherwise. Other threads wait for the agent.
 */
final class NodeRun implements RunHandle.Observer {

    private static final Logger LOGGER = Logger.getLogger(NodeRun.class.getName());

    /** How long an agent may be away before other nodes get its work. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How many times in a row outputs may fail to be archived on a connected node, before they are given up. */
    private static final int MAX_ARCHIVE_FAILURES = 3;

    /** The run on several nodes. Called by any thread. */
    interface Listener {

        /** A branch is done on its node, but its files are not here yet. */
        void branchAwaitsFiles(NodeRun nodeRun, int index);

        /** Called often. */
        void branchEnded(NodeRun nodeRun, Outcome outcome);

        /** A node run can't be started or followed on its node. */
        void nodeRunFailed(NodeRun nodeRun, String why);

        /** A node run is over, whatever the reason. */
        void nodeRunFinished(NodeRun nodeRun, JournalEntry.Finished last);
    }

    /**
     * What the node runs of a run have in common.
     *
     * @param total how many branches the whole run has
     * @param journal of the whole run
     */
    record Common(Run<?, ?> build, NodesRequest request, NodesObserver observer, int total, RunJournal journal) {}

    private final AtomicInteger archiveFailures = new AtomicInteger();
    private final Common common;
    private final Listener listener;
    private final String id;
    private final RunFiles files;

    /** Its width is not known before the agent has been asked. */
    private volatile NodeLocation place;

    /** The block that gets the node; {@code null} if the block is gone. */
    @CheckForNull
    private final NodeBlock block;

    /** Whether the run has the node. After a restart it has to get the node again. */
    private boolean held;

    /** {@code null} until the node is ready. */
    private AgentRun run;

    private RunFeed feed;

    /** {@code null} if no files are wanted. */
    private FileTransfer transfer;

    /** Whether it gets no more work. */
    private boolean leaving;

    /** Why it has to stop; {@code null} if it has not. */
    private String cancelReason;

    private boolean isCancelledNow;

    /** @param files its run directory below the run's */
    NodeRun(Common common, Listener listener, String id, RunFiles files, NodeLocation place, @CheckForNull NodeBlock block) {
        this.common = common;
        this.listener = listener;
        this.id = id;
        this.files = files;
        this.place = place;
        this.block = block;
    }

    String id() {
        return id;
    }

    RunFiles files() {
        return files;
    }

    NodeLocation place() {
        return place;
    }

    @CheckForNull
    NodeBlock block() {
        return block;
    }

    /** Called when the run has the node. */
    void hold() {
        held = true;
    }

    boolean isHeld() {
        return held;
    }

    boolean isCancelled() {
        return cancelReason != null;
    }

    /** Whether it works and gets more branches. */
    boolean isOpen() {
        return run != null && !leaving && cancelReason == null;
    }

    /** Why it was stopped. If it stopped by itself, the text says only that. */
    String cancelReason() {
        return cancelReason == null ? "its supervisor has stopped" : cancelReason;
    }

    /** Stores what a restarted controller needs to find this node run. */
    void open(NodeLocation known) throws IOException {
        place = known;
        known.write(files);
        feed = new RunFeed(known.location(), files);
        boolean keepsOutputs = KeptOutputs.areWanted(files);
        transfer = common.request().collect() == null && !keepsOutputs
                ? null
                : new FileTransfer(
                        known,
                        common.request(),
                        new FileTransfer.Destination(common.build(), common.observer()),
                        keepsOutputs ? this::archiveOutputs : ended -> {},
                        outcome -> listener.branchEnded(this, outcome),
                        why -> listener.nodeRunFailed(this, why));
        run = new AgentRun(known.location(), common.build(), files, common.total(), this, PATIENCE);
    }

    /** So the artifacts have the outputs of each branch that has ended, whatever happens to the node. */
    private void archiveOutputs(List<Outcome> ended) throws IOException, InterruptedException {
        RunDirectory directory = place.location().connect();
        if (directory == null) {
            throw new IOException("it is not connected");
        }
        try {
            KeptOutputs.archive(directory.kept(), ended, common.build(), this);
        } catch (IOException e) {
            // It is noticed only a little later that a connection has broken.
            if (!directory.isConnected() || archiveFailures.incrementAndGet() < MAX_ARCHIVE_FAILURES) {
                throw e;
            }
            warn("can't archive the kept outputs: " + FailureText.of(e));
        }
        archiveFailures.set(0);
    }

    /** Starts the supervisor, with the branches that were sent so far. */
    void start() {
        onAgent(run::start);
    }

    /** Continues with a supervisor that was started before a restart of the controller. */
    void resume() {
        onAgent(run::resume);
        feed.send();
    }

    /** Sends it more branches. */
    void feed(List<Feed.Line> lines) throws IOException {
        feed.append(lines);
    }

    /** @param now whether that includes what it has begun; it may be stopped first without that, and then with it */
    void stop(String why, boolean now) {
        if (cancelReason != null && (!now || isCancelledNow)) {
            return;
        }
        cancelReason = why;
        isCancelledNow = now;
        if (run != null) {
            onAgent(() -> run.stop(why, now));
        }
    }

    /** Tells the supervisor that there are no more branches. Then it ends. */
    void leave() throws IOException {
        leaving = true;
        feed.end();
    }

    /** Ends it and removes everything of it. No run waits for it any more. */
    void abandon() {
        if (run != null) {
            run.abandon();
        }
        dispose();
    }

    /** Called when its supervisor has ended or will end. */
    void dispose() {
        if (feed != null) {
            feed.close();
        }
        if (transfer != null) {
            transfer.close();
        }
        try {
            files.delete();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't remove " + files);
        }
    }

    private interface AgentWork {
        void run() throws IOException, InterruptedException;
    }

    private void onAgent(AgentWork work) {
        place.location().threads().execute(() -> {
            try {
                work.run();
            } catch (IOException | RuntimeException e) {
                listener.nodeRunFailed(this, FailureText.of(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void branchEnded(Outcome outcome) {
        if (transfer == null) {
            listener.branchEnded(this, outcome);
        } else {
            listener.branchAwaitsFiles(this, outcome.index());
            transfer.ended(outcome);
        }
    }

    @Override
    public void limitsChanged(JournalEntry.Limits limits) {
        common.journal().limits(limits.of(place.node()));
    }

    @Override
    public void finished(JournalEntry.Finished last) {
        common.observer().finishedOnNode(last);
        if (transfer == null || last.failure() != null) {
            listener.nodeRunFinished(this, last);
        } else {
            transfer.whenComplete(() -> listener.nodeRunFinished(this, last));
        }
    }

    @Override
    public EnvVars environment() throws IOException, InterruptedException {
        StepContext node = block == null ? null : block.context();
        if (node == null) {
            throw new IOException("it was given back");
        }
        return common.observer().environment(node);
    }

    @Override
    @CheckForNull
    public Launcher launcher() {
        return null; // a supervisor does the work
    }

    @Override
    public void consoleOutput(String lines) {
        common.observer().consoleOutput(lines);
    }

    @Override
    public TaskListener listener() throws IOException, InterruptedException {
        return common.observer().listener();
    }

    @Override
    public void warn(String message) {
        common.observer().warn(message);
    }
}
