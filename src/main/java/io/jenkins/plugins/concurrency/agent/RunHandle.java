package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * A run that is under way somewhere. Its journal grows in the build directory. Its methods may block, so they are not
 * for the CPS thread.
 */
public interface RunHandle {

    /** What a step wants to know of its run. Called by any thread. */
    interface Observer extends JournalReceiver.Listener {

        /** The run is over and its journal complete. Called once; quick. */
        void finished(JournalEntry.Finished last);

        /** The environment that commands see. */
        EnvVars environment() throws IOException, InterruptedException;

        /** The launcher that commands go through; {@code null} while the agent is not connected. */
        @CheckForNull
        Launcher launcher() throws IOException, InterruptedException;

        /** Something that the build's log should have. */
        void warn(String message);

        /**
         * Lines for users that the work itself makes. Called by one thread at a time; quick.
         *
         * @param lines without secrets, but otherwise anything, since an agent can say anything
         */
        void consoleOutput(String lines);

        /** The step's part of the build's log. */
        TaskListener listener() throws IOException, InterruptedException;
    }

    /**
     * Starts the run.
     *
     * @throws IOException if it can't be started, in one line; the observer is not called then
     */
    void start() throws IOException, InterruptedException;

    /**
     * Takes the run up where it is after the controller has been restarted; where that is not possible yet, later by
     * itself.
     *
     * @throws IOException if it can't be started or followed
     */
    void resume() throws IOException, InterruptedException;

    /**
     * Asks the run to stop. It ends as usual, soon, with its branches cancelled.
     *
     * @throws IOException if it can't be reached
     */
    void cancel(String why) throws IOException, InterruptedException;

    /**
     * No build waits for the run any more: the observer is no longer called, and everything that the run has is ended
     * and removed. For use when {@link #cancel} took too long, or nobody would receive the ends of branches. Returns at
     * once.
     *
     * @return completes when the run writes nothing to its journal any more
     */
    CompletionStage<Void> abandon();

    /**
     * Where the outcomes stand in the journal in the build directory, as far as this has seen them arrive. To be asked for
     * after the end.
     *
     * @return {@code null} if that has to be read from the file
     */
    @CheckForNull
    default JournalIndex index() {
        return null;
    }
}
