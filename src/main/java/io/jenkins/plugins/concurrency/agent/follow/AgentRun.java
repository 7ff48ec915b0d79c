package io.jenkins.plugins.concurrency.agent.follow;

import hudson.model.Run;
import io.jenkins.plugins.concurrency.agent.AgentAbsence;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A run on an agent, seen from the controller. It is submitted to a supervisor and followed by its journal, also after
 * lost connections. An observer is told how each branch and the run ended. Thread-safe.
 */
public final class AgentRun implements RunHandle, ActiveRuns.Member {

    private final RunLocation location;
    private final Observer observer;
    private final AgentAbsence absence;
    private final JournalReceiver receiver;
    private final RunCompletion end;
    private final AgentLink link;

    /**
     * @param location where the run works
     * @param owner the build that waits for it
     * @param build the run's files in the build directory: spec and branches are there, the journal is copied there
     * @param total how many branches the run has; negative if only the agent knows
     * @param patience how long its agent may be away at most, if other nodes continue the run after that
     * @throws IOException if the build directory can't be read
     */
    public AgentRun(
            RunLocation location,
            Run<?, ?> owner,
            RunFiles build,
            int total,
            Observer observer,
            Duration patience)
            throws IOException {
        this.location = location;
        this.observer = observer;
        this.absence = new AgentAbsence(location, patience);
        RunSubmission submission = new RunSubmission(location, owner, build, observer);
        this.receiver = new JournalReceiver(
                build.journal(),
                new JournalReceiver.Expected(total, !Files.exists(build.feed())),
                journalBytes(build),
                observer);
        this.end = new RunCompletion(build, receiver, observer, submission, () -> ActiveRuns.get().remove(this));
        this.link = new AgentLink(location, submission, receiver, end, observer);
    }

    /** The size limit of the run's journal: the one that was configured when the step began. */
    private static long journalBytes(RunFiles build) {
        try {
            return build.readSpec().limits().journalBytes();
        } catch (IOException e) {
            return ConcurrencyConfiguration.get().getSizes().journalBytes(); // the step has ended, and its spec is gone
        }
    }

    @Override
    public String node() {
        return location.node();
    }

    @Override
    public void start() throws IOException, InterruptedException {
        if (!begin(true)) {
            observer.warn(location.nodeText() + " lost its connection; the step continues when it is back");
        }
    }

    @Override
    public void resume() throws IOException, InterruptedException {
        begin(false);
    }

    private boolean begin(boolean isNew) throws IOException, InterruptedException {
        ActiveRuns.get().add(this);
        try {
            return link.begin(isNew);
        } catch (IOException | InterruptedException | RuntimeException e) {
            end.abandoned();
            throw e;
        }
    }

    @Override
    public void cancel(String why) throws InterruptedException {
        stop(why, true);
    }

    /** @param now whether that includes what is under way; otherwise that may end */
    public void stop(String why, boolean now) throws InterruptedException {
        link.stop(why, now);
    }

    @Override
    public CompletionStage<Void> abandon() {
        end.abandoned();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public JournalIndex index() {
        return receiver.index();
    }

    @Override
    public void agentOnline() {
        link.poll();
    }

    @Override
    public void poll() {
        String gone = absence.check();
        if (gone == null) {
            link.poll();
        } else {
            RunThreads.ofController().execute(() -> end.restLost(gone, gone));
        }
    }

    @Override
    public void suspend() {
        end.suspended();
    }
}
