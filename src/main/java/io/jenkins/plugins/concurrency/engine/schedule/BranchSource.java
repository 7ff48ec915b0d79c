package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

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
     * @return {@code null} at the end, and if there is none yet
     * @throws IOException if the branches can't be read; the run ends then
     */
    @CheckForNull
    B next() throws IOException;

    /** How many it yields now, without waiting for others to end; negative if that is not known. */
    default int ready() {
        return -1;
    }

    /** Whether no branches will be added. Otherwise {@link Scheduler#wake} is called when some are added. */
    default boolean isComplete() {
        return true;
    }

    /**
     * A branch has ended. If it has succeeded, its outcome is recorded. Called by any thread.
     *
     * @return outcomes of others that do not start because of that, and are not yielded
     */
    default List<Outcome> ended(Outcome outcome) {
        return List.of();
    }

    /** The run is stopped: all that is left is to be yielded at once, and is not started. Called by any thread. */
    default void stop() {}

    @Override
    default void close() throws IOException {}
}
