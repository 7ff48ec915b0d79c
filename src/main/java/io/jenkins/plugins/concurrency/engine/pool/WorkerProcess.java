package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletionStage;

/** A worker's process. It reads lines and answers with lines. */
public interface WorkerProcess {

    /** Receives events of a worker. Called by one thread at a time. */
    interface Listener {

        /** The stream that receives the worker's standard output. */
        OutputStream answers();

        /** Called when the process has ended and all of its output has been passed on. */
        void ended(int exitCode);

        /** Called if the process can't be started, or if it is not known how it ended. */
        void failed(IOException cause);
    }

    /**
     * Starts to pass events to the listener. Called once. After it, the listener gets exactly one call of {@code ended}
     * or {@code failed}.
     */
    void listen(Listener listener);

    /**
     * Sends a line.
     *
     * @param line with its line break
     * @throws IOException if the process does not accept it
     */
    void send(String line) throws IOException;

    boolean isAlive();

    /** The files of the worker, for values that are too large for a line. */
    WorkerFiles files();

    /** The end of the process' standard error. */
    OutputTail errors() throws IOException;

    /** The resources that the process and its descendants have used so far, if they can be measured. */
    default ResourceUsage usage() {
        return ResourceUsage.UNKNOWN;
    }

    /** Ends the process and all processes that it started. Completes when they have ended. */
    CompletionStage<Void> kill();

    /** Closes the process' input, so that it ends by itself. */
    void close();
}
