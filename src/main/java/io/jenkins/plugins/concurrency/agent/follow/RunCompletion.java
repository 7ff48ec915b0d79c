package io.jenkins.plugins.concurrency.agent.follow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.agent.LostBranches;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.agent.RunLocation;
import io.jenkins.plugins.concurrency.agent.RunThreads;
import io.jenkins.plugins.concurrency.agent.cleanup.RunCleaner;
import io.jenkins.plugins.concurrency.agent.cleanup.RunRegistration;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.run.FailureText;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends a run on an agent for the controller. There are several causes; the first one ends the run, once. Thread-safe;
 * the methods may wait for the controller's disk, but never for the agent.
 */
final class RunCompletion {

    private static final Logger LOGGER = Logger.getLogger(RunCompletion.class.getName());

    private final RunFiles build;
    private final JournalReceiver receiver;
    private final RunHandle.Observer observer;
    private final RunSubmission submission;
    private final Runnable onOver;

    /** Guarded by this. */
    private boolean over;

    /** Whether everything of the run must be removed from the agent, even if it still works. */
    private volatile boolean abandoned;

    /**
     * @param build the run's files in the build directory
     * @param receiver accepts no more lines after the end
     * @param submission knows how the run is registered
     * @param onOver called once, before everything else
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
     * Registers the run unless it is over. So the last registration of a run always says how it ended.
     *
     * @return whether the run continues
     * @throws IOException if that can't be written
     */
    synchronized boolean registerUnlessOver() throws IOException {
        if (!over) {
            RunCleaner.get().follow(submission.registered());
        }
        return !over;
    }

    /**
     * Takes in lines of the journal. If they can't be taken, the run fails.
     *
     * @param from where they come from, for messages
     * @return the journal's last line; {@code null} while it is not here
     * @throws IOException if the agent is to send no more
     */
    @CheckForNull
    JournalEntry.Finished receive(long offset, byte[] lines, RunLocation from) throws IOException {
        try {
            receiver.receive(offset, lines);
            return receiver.finished();
        } catch (JournalReceiver.ClosedException e) {
            throw e;
        } catch (JournalWriter.JournalFullException e) {
            failed(e.getMessage());
            throw e;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "refusing the journal of " + from);
            failed("the journal from " + from.nodeText() + " is damaged: " + e.getMessage());
            throw e;
        }
    }

    /** Called when the journal's last line has been received. */
    void completed(JournalEntry.Finished last) {
        if (markOver()) {
            conclude(last, RunRegistration.State.ENDED);
        }
    }

    /** Lets the run fail as a whole, whatever its supervisor does. */
    void failed(String message) {
        if (markOver()) {
            conclude(new JournalEntry.Finished(0, message), RunRegistration.State.ABANDONED);
        }
    }

    /**
     * Called when no supervisor will do the rest. Branches that are not in the journal are lost.
     *
     * @param why for the branches
     * @param failure for the run; {@code null} if it does not fail as a whole
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

    /** Called when no build waits for the run any more. The observer is not called. */
    void abandoned() {
        if (markOver()) {
            release(RunRegistration.State.ABANDONED);
        }
    }

    /** Called when the agent has confirmed the run. If no build waits for it any more, it is removed again. */
    void submitted() {
        if (abandoned) {
            release(RunRegistration.State.ABANDONED);
        }
    }

    /** Called at the end of this controller process. The run goes on, and the next process follows it. */
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

    /**
     * Done on another thread, because it writes a file: this thread may be the one that receives the journals of all
     * runs of an agent.
     */
    private void release(RunRegistration.State state) {
        abandoned = state == RunRegistration.State.ABANDONED;
        RunThreads.ofController().execute(() -> RunCleaner.get().release(submission.registered().with(state)));
    }
}
