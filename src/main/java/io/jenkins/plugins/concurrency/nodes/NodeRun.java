package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Launcher;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.agent.RunFeed;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.follow.AgentRun;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The part of a run that one node does: an ordinary run on its agent, which gets further branches while it continues.
 * Its methods are called on the executor of the whole run, unless they say otherwise. Its own threads wait for the
 * agent.
 */
final class NodeRun implements RunHandle.Observer {

    private static final Logger LOGGER = Logger.getLogger(NodeRun.class.getName());

    /** How long an agent may be away before others do its work. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The run that this is a part of. Called by any thread. */
    interface Whole {

        /** A branch has done all but for its files, which are to be brought here. */
        void branchThrough(NodeRun part, int index);

        /** Called often. */
        void branchEnded(NodeRun part, Outcome outcome);

        /** A part can't be taken up on its node. */
        void partFailed(NodeRun part, String why);

        /** A part's run is over, in one way or another. */
        void partFinished(NodeRun part, JournalEntry.Finished last);
    }

    /**
     * What the parts of a run have in common.
     *
     * @param total how many branches the whole run has
     */
    record Common(Run<?, ?> build, NodesRequest request, NodesObserver observer, int total) {}

    private final Common common;
    private final Whole whole;
    private final String id;
    private final RunFiles files;

    /** Without the width before the agent has been asked. */
    private volatile NodeLocation place;

    /** What gets the node; {@code null} if it is gone. */
    @CheckForNull
    private final NodeBlock block;

    /** Whether the node is there: not after a restart until it has been got again. */
    private boolean held;

    /** {@code null} until the node is ready. */
    private AgentRun run;

    private RunFeed feed;

    /** {@code null} if no files are wanted. */
    private FileTransfer back;

    /** Whether it is to get no more work. */
    private boolean leaving;

    /** Why it is to stop, if it is. */
    private String cancelReason;

    /** @param files its run directory below the run's */
    NodeRun(Common common, Whole whole, String id, RunFiles files, NodeLocation place, @CheckForNull NodeBlock block) {
        this.common = common;
        this.whole = whole;
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

    /** The node is there. */
    void hold() {
        held = true;
    }

    boolean isHeld() {
        return held;
    }

    boolean isCancelled() {
        return cancelReason != null;
    }

    /** Whether it is at work, and neither leaving nor being stopped. */
    boolean isOpen() {
        return run != null && !leaving && cancelReason == null;
    }

    /** Why it was stopped; if it was not, that it has stopped. */
    String cancelReason() {
        return cancelReason == null ? "its supervisor has stopped" : cancelReason;
    }

    /** Writes down what makes the part one that a restarted controller finds. */
    void open(NodeLocation known) throws IOException {
        place = known;
        known.write(files);
        feed = new RunFeed(known.location(), files);
        back = common.request().collect() == null
                ? null
                : new FileTransfer(
                        known,
                        common.request(),
                        new FileDestination(common.build(), common.observer()),
                        outcome -> whole.branchEnded(this, outcome),
                        why -> whole.partFailed(this, why));
        run = new AgentRun(known.location(), common.build(), files, common.total(), this, PATIENCE);
    }

    /** Starts the supervisor there, with the branches that it has so far. */
    void start() {
        onAgent(run::start);
    }

    /** Takes the supervisor up that a controller before this one has started. */
    void resume() {
        onAgent(run::resume);
        feed.send();
    }

    /** Sends it more branches. */
    void feed(List<Feed.Line> lines) throws IOException {
        feed.append(lines);
    }

    void cancel(String why) {
        if (cancelReason != null) {
            return;
        }
        cancelReason = why;
        if (run != null) {
            onAgent(() -> run.cancel(why));
        }
    }

    /** There is no more for it: the supervisor ends. */
    void leave() throws IOException {
        leaving = true;
        feed.end();
    }

    /** No run waits for it any more, and nothing of it stays. */
    void abandon() {
        if (run != null) {
            run.abandon();
        }
        dispose();
    }

    /** Its supervisor is gone, or will be. */
    void dispose() {
        if (feed != null) {
            feed.close();
        }
        if (back != null) {
            back.close();
        }
        try {
            Util.deleteRecursive(files.directory().toFile());
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
                whole.partFailed(this, FailureText.of(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void branchEnded(Outcome outcome) {
        if (back == null) {
            whole.branchEnded(this, outcome);
        } else {
            whole.branchThrough(this, outcome.index());
            back.ended(outcome);
        }
    }

    @Override
    public void finished(JournalEntry.Finished last) {
        if (back == null || last.failure() != null) {
            whole.partFinished(this, last);
        } else {
            back.afterwards(() -> whole.partFinished(this, last));
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
    public void said(String lines) {
        common.observer().said(lines);
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
