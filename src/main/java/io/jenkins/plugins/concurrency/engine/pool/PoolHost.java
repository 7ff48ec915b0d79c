package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;

/**
 * Where a pool's processes run: this machine, or behind a launcher. Thread-safe. Only the first method waits for a
 * process to end.
 */
public interface PoolHost {

    /**
     * Prepares the host for a pool. Called before anything is started. It may take some time.
     *
     * @throws IOException if such a pool can't work here; with a message of one line
     */
    void prepare(PoolSettings settings) throws IOException;

    /** How many processors its processes may use. */
    int processors() throws IOException;

    /** The shell of its commands. */
    MachineShell shell();

    /**
     * What happens to a task that a process of this run had started before it died. If true, the task is started again
     * without a retry, because the task did not cause the death.
     */
    boolean repeatsInterrupted();

    /**
     * How much memory programs can still get, in bytes.
     *
     * @throws IOException if this is not known; with a message of one line
     */
    default long availableMemory() throws IOException {
        throw new IOException("'memFree' can't be used here");
    }

    /**
     * Opens a file on the machine where the processes run.
     *
     * @throws IOException if it can't be read
     */
    InputStream open(String file) throws IOException;

    /**
     * Starts a script.
     *
     * @throws HostException if it can't be started
     */
    RunningScript start(ScriptSpec script) throws IOException;

    /**
     * Starts a worker.
     *
     * @throws HostException if it can't be started
     */
    WorkerProcess start(WorkerStart worker) throws IOException;

    /** Called when no more scripts will be started. Ends processes that only wait for scripts. */
    default void close() {}

    /** Ends all processes with a cookie. Completes when they have ended. */
    CompletionStage<Void> kill(ProcessCookie cookie);
}
