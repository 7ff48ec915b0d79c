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
 * A run that goes on somewhere. Its journal grows in the build directory. Its methods may block, so the CPS thread must
 * not call them.
 */
public interface RunHandle {

    /** What a step learns about its run, and gives it. Called by any thread. */
    interface Observer extends JournalReceiver.Listener {

        /** The run is over and its journal is complete. Called once. Must be fast. */
        void finished(JournalEntry.Finished last);

        /** The environment that commands see. */
        EnvVars environment() throws IOException, InterruptedException;

        /** The launcher that commands go through; {@code null} while the agent is not connected. */
        @CheckForNull
        Launcher launcher() throws IOException, InterruptedException;

        /** Writes a line into the build's log. */
        void warn(String message);

        /**
         * Lines for users that the work has written. Called by one thread at a time. Must be fast.
         *
         * @param lines without secrets; otherwise any text, because it comes from an agent
         */
        void consoleOutput(String lines);

        /** The step's part of the build's log. */
        TaskListener listener() throws IOException, InterruptedException;
    }

    /**
     * Starts the run.
     *
     * @throws IOException if it can't be started, in one line; then the observer is not called
     */
    void start() throws IOException, InterruptedException;

    /**
     * Continues to follow the run after a restart of the controller. If that is not possible yet, it is done later
     * without another call.
     *
     * @throws IOException if it can't be started or followed
     */
    void resume() throws IOException, InterruptedException;

    /**
     * Asks the run to stop. It ends soon and as usual, with cancelled branches.
     *
     * @throws IOException if it can't be reached
     */
    void cancel(String why) throws IOException, InterruptedException;

    /**
     * Ends and removes everything of the run, because no build waits for it any more. The observer is no longer called.
     * For use if {@link #cancel} took too long, or if nobody would receive the ends of branches. Returns at once.
     *
     * @return completes when the run writes nothing to its journal any more
     */
    CompletionStage<Void> abandon();

    /**
     * The index of the journal in the build directory, if this object has received all of it. To be called after the
     * end.
     *
     * @return {@code null} if the file has to be read
     */
    @CheckForNull
    default JournalIndex index() {
        return null;
    }
}
