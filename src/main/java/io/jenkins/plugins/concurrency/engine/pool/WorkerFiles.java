package io.jenkins.plugins.concurrency.engine.pool;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The folder for values that are too large for a line between a pool and its workers. Workers find it in
 * {@link PoolEnvironment#FILES}. A name is one of a file in the folder itself.
 */
public interface WorkerFiles {

    /**
     * Writes a file, in UTF-8.
     *
     * @return its path, as workers see it
     */
    String write(String name, String text) throws IOException;

    /**
     * Reads a file.
     *
     * @throws IOException if it is not there, is larger than {@code maxBytes}, or is no plain file; in one line
     */
    byte[] read(String name, int maxBytes) throws IOException;

    /**
     * Where a file is on this machine.
     *
     * @throws UnsupportedOperationException where the folder is on another one
     */
    default Path local(String name) {
        throw new UnsupportedOperationException("on another machine");
    }

    /** Removes a file, if it is there. What can't be removed goes with the run directory. */
    void delete(String name);
}
