package io.jenkins.plugins.concurrency.agent.follow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.agent.LostBranches;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.agent.cleanup.RunCleaner;
import io.jenkins.plugins.concurrency.agent.cleanup.RunRegistration;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;

/**
 * Ends a run on an agent for the controller: once, by whichever of several causes comes first. Thread-safe; the methods
 * may wait for the controller's disk, never for the agent.
 */
final class RunCompletion {

    private final RunFiles build;
    private final JournalReceiver receiver;
    private final RunHandle.Observer observer;
    private final RunSubmission submission;
    private final Runnable onOver;

    /** Guarded by this. */
    private boolean over;

    /** Whether what the agent has of the run is to be removed, whatever it does there. */
    private volatile boolean abandoned;

    /**
     * @param build the run's files in the build directory
     * @param receiver takes no more lines after the end
     * @param submission knows how the run is registered
     * @param onOver called once, first of all
     */
    RunCompletion(
            RunFiles build,
            JournalReceiver receiver,
            RunHandle.Observer observer,
            RunSubmission submission,
            Runnable onOver) {
        this.build = build;
        this.receiver = receiver;
        this.observer = observer;
        this.submission = submission;
        this.onOver = onOver;
    }

    synchronized boolean isOver() {
        return over;
    }

    /**
     * Has Jenkins remember the run, unless it is over: the last that Jenkins records of a run is how it ended.
     *
     * @return whether the run continues
     * @throws IOException if that can't be written down
     */
    synchronized boolean registerUnlessOver() throws IOException {
        if (!over) {
            RunCleaner.get().follow(submission.registered());
        }
        return !over;
    }

    /** The journal's last line is here. */
    void completed(JournalEntry.Finished last) {
        if (markOver()) {
            conclude(last, RunRegistration.State.ENDED);
        }
    }

    /** The run as a whole fails, whatever its supervisor does. */
    void failed(String message) {
        if (markOver()) {
            conclude(new JournalEntry.Finished(0, message), RunRegistration.State.ABANDONED);
        }
    }

    /**
     * No supervisor will do the rest: branches that are not in the journal are lost.
     *
     * @param why for the branches
     * @param failure for the run, if it is to fail as a whole
     */
    void restLost(String why, @CheckForNull String failure) {
        if (!markOver()) {
            return;
        }
        JournalEntry.Finished last;
        try {
            last = new LostBranches(build, receiver).write(why, failure, observer::branchEnded);
        } catch (IOException e) {
            last = new JournalEntry.Finished(0, why + "; " + FailureText.of(e));
        }
        conclude(last, RunRegistration.State.ABANDONED);
    }

    /** No build waits for the run any more; the observer is not called. */
    void abandoned() {
        if (markOver()) {
            release(RunRegistration.State.ABANDONED);
        }
    }

    /** The agent has confirmed the run: if no build waits for it by now, it is removed again. */
    void submitted() {
        if (abandoned) {
            release(RunRegistration.State.ABANDONED);
        }
    }

    /** Not the end of the run, but of this controller process: another one continues. */
    void suspended() {
        markOver();
    }

    private boolean markOver() {
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
        }
        onOver.run();
        receiver.close();
        return true;
    }

    private void conclude(JournalEntry.Finished last, RunRegistration.State state) {
        observer.finished(last);
        release(state);
    }

    /** Not here: it writes a file, and the thread may be the one that receives the journals of all runs of an agent. */
    private void release(RunRegistration.State state) {
        abandoned = state == RunRegistration.State.ABANDONED;
        RunThreads.ofController().execute(() -> RunCleaner.get().release(submission.registered().with(state)));
    }
}
