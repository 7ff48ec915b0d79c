package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.io.IOException;

/**
 * Yields a run's branches one by one, so that the branches of a large run are never in memory all at once. Called by
 * one thread at a time.
 *
 * @param <B> the kind of branch
 */
public interface BranchSource<B extends Branch> extends Closeable {

    /**
     * The next branch.
     *
     * @return {@code null} at the end, and where there is none yet
     * @throws IOException if the branches can't be read; ends the run
     */
    @CheckForNull
    B next() throws IOException;

    /** Whether nothing more is added to what can be read; else {@link Scheduler#wake} is called when something is. */
    default boolean isComplete() {
        return true;
    }

    @Override
    default void close() throws IOException {}
}
