package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletionStage;

/** A worker's process. It reads lines and answers with lines. */
public interface WorkerProcess {

    /** Receives events of a worker. Called by one thread at a time. */
    interface Listener {

        /** Receives what the worker writes to its standard output. */
        OutputStream answers();

        /** The process has ended, after all of its output. */
        void ended(int exitCode);

        /** The process could not be started, or its end is not known. */
        void failed(IOException cause);
    }

    /** Begins to listen. Called once; {@code ended} or {@code failed} is called once after it. */
    void listen(Listener listener);

    /**
     * Sends a line.
     *
     * @param line with its line break
     * @throws IOException if the process does not take it
     */
    void send(String line) throws IOException;

    boolean isAlive();

    /** What goes to the worker and comes back beside the lines. */
    WorkerFiles files();

    /** The end of its standard error. */
    OutputTail errors() throws IOException;

    /** What it has used so far with all that it has started, as far as that can be measured. */
    default ResourceUsage usage() {
        return ResourceUsage.UNKNOWN;
    }

    /** Ends the process and all that it has started; completes when they are gone. */
    CompletionStage<Void> kill();

    /** Lets the process end by itself, for want of input. */
    void close();
}
