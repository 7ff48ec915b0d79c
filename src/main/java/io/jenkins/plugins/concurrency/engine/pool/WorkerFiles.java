package io.jenkins.plugins.concurrency.engine.pool;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The folder for values that are too large for a line between a pool and its workers. Workers find it in
 * {@link PoolEnvironment#FILES}. A name is one of a file in the folder itself.
 */
public interface WorkerFiles {

    /**
     * Writes a file in UTF-8.
     *
     * @return its path, as a worker sees it
     */
    String write(String name, String text) throws IOException;

    /**
     * Reads a file.
     *
     * @throws IOException if it does not exist, is larger than {@code maxBytes}, or is no regular file; with a message
     *     of one line
     */
    byte[] read(String name, int maxBytes) throws IOException;

    /** A folder of this machine: this one, or the folder for what is copied from it. */
    Path local() throws IOException;

    /**
     * Brings what a worker has written to a file so far into {@link #local}.
     *
     * @param whole whether all of it is needed, and the worker writes no more to it. Otherwise it may be some of it, or
     *     what the last call has brought
     * @throws IOException if it can't be copied
     */
    default void copy(String name, boolean whole) throws IOException {
        // it is there
    }

    /** Removes a file, if it exists. If that fails, it is removed with the run directory. */
    void delete(String name);
}
