package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import java.io.IOException;

/** A way to start scripts on this machine. Thread-safe. */
interface ScriptStarter {

    /**
     * Starts a script.
     *
     * @throws IOException if it can't be started
     */
    RunningScript start(ScriptSpec script) throws IOException;

    /** Called when no more scripts will be started. */
    void close();
}
