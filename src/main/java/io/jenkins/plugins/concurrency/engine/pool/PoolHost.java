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
     * Makes ready for a pool. Called before anything is started; may take a while.
     *
     * @throws IOException if such a pool can't work here, in one line
     */
    void prepare(PoolSettings settings) throws IOException;

    /** How many processes it can work on at once. */
    int processors() throws IOException;

    /** The shell of its commands. */
    MachineShell shell();

    /**
     * Whether a task that a dead process of this run had started is started again without a retry, because the death
     * was not the task's fault.
     */
    boolean repeatsInterrupted();

    /**
     * How much memory programs could have, in bytes.
     *
     * @throws IOException if it can't tell, in one line
     */
    default long availableMemory() throws IOException {
        throw new IOException("'memFree' can't be used here");
    }

    /**
     * Opens a file of the place where the processes are.
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

    /** No more scripts will be started: ends what only waits for them. */
    default void close() {}

    /** Ends all processes that carry a cookie; completes when they are gone. */
    CompletionStage<Void> kill(ProcessCookie cookie);
}
