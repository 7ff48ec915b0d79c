package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * A worker of functions that has started before anybody has a function for it, so that the first call of the next run
 * does not wait for a JVM. It is like the worker that was started last; a run that wants another kind starts its own.
 * Never one that has worked already: what a function leaves in its process is not for the next run. Thread-safe.
 */
public final class SpareWorker {

    /** What workers must have in common to stand in for each other. */
    record Kind(@NonNull List<String> command, @NonNull String directory, @NonNull TaskEnvironment environment) {}

    /**
     * One that waits to be told what it works with.
     *
     * @param cookie what it and the processes that it will start carry
     */
    record Waiting(@NonNull Kind kind, @NonNull ProcessCookie cookie, @NonNull Process process) {}

    /** Guarded by this. */
    private Kind last;

    /** Guarded by this. */
    private Waiting waiting;

    /**
     * The worker that waits, if it is of this kind; what waits and is of another kind ends. The next one will be of this
     * kind.
     */
    @CheckForNull
    synchronized Waiting take(@NonNull Kind kind) {
        last = kind;
        Waiting found = waiting;
        waiting = null;
        if (found == null || found.kind.equals(kind) && found.process.isAlive()) {
            return found;
        }
        found.process.destroyForcibly();
        return null;
    }

    /**
     * Starts one for the next run, if the last had any. Returns at once.
     *
     * @throws IOException if it can't be started
     */
    public synchronized void prepare() throws IOException {
        if (last == null || waiting != null) {
            return;
        }
        ProcessCookie cookie = PoolEnvironment.workerCookie();
        ProcessBuilder builder = new ProcessBuilder(last.command).directory(new File(last.directory));
        last.environment.prepare(builder, cookie);
        waiting = new Waiting(last, cookie, builder.start());
    }
}
