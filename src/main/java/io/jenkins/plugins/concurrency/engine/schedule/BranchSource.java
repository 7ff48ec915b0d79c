package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.io.IOException;

/**
 * Hands out a run's branches one by one, so that a run of a million is never held as a whole. Called by one thread at
 * a time.
 *
 * @param <B> the kind of branch
 */
public interface BranchSource<B extends Branch> extends Closeable {

    /**
     * The next branch.
     *
     * @return {@code null} if there is none, or none yet
     * @throws IOException if the branches can't be read; ends the run
     */
    @CheckForNull
    B next() throws IOException;

    /**
     * Asked after {@link #next()} had none: whether there will be no more either. Who has a source that says no calls
     * {@link Scheduler#wake()} when there is more.
     */
    default boolean isAtEnd() {
        return true;
    }

    @Override
    default void close() throws IOException {}
}
