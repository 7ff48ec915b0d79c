package io.jenkins.plugins.concurrency.engine.supervisor.client;

import java.io.IOException;

/**
 * Receives what is appended to a journal. Called by one thread at a time. A call may be slow: the listener may be on
 * another machine.
 */
public interface JournalListener {

    /**
     * Whole lines were appended.
     *
     * @param offset where they begin in the journal, in bytes
     * @param lines the lines, with their line breaks
     * @throws IOException if they can't be received; then no more are sent
     */
    void lines(long offset, byte[] lines) throws IOException;

    /**
     * The run has lines for users, which are not in its journal. Called before later lines of the journal.
     *
     * @param offset where the lines begin in all its output, in bytes
     * @param lines in UTF-8, with their line breaks
     * @throws IOException if they can't be received now
     */
    void consoleOutput(long offset, byte[] lines) throws IOException;

    /**
     * The supervisor's process ended before the run was over. All of its lines were delivered, or they can't be read.
     * Nothing is sent afterwards.
     *
     * @param log the end of the supervisor's own output, usually empty
     */
    void supervisorGone(String log);
}
