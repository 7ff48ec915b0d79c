package io.jenkins.plugins.concurrency.engine.supervisor.client;

import java.io.IOException;

/** Receives what is appended to a journal. Called by one thread at a time. Slow if it is on another machine. */
public interface JournalListener {

    /**
     * Whole lines were appended.
     *
     * @param offset where they begin in the journal, in bytes
     * @param lines the lines, with their line breaks
     * @throws IOException if they can't be taken; no more are sent then
     */
    void lines(long offset, byte[] lines) throws IOException;

    /**
     * The run has something to say to people, beside its journal; before the lines that its journal had afterwards.
     *
     * @param offset where the lines begin in all its output, in bytes
     * @param lines in UTF-8, with their line breaks
     * @throws IOException if they can't be taken now
     */
    void consoleOutput(long offset, byte[] lines) throws IOException;

    /**
     * The supervisor's process is gone before the run was over, and all of its lines were delivered; or they can't be read.
     * Nothing more will come.
     *
     * @param log the end of the supervisor's output beside its journal, usually empty
     */
    void supervisorGone(String log);
}
