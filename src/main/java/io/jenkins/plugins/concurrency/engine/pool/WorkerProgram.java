package io.jenkins.plugins.concurrency.engine.pool;

/** The program of a worker. */
public sealed interface WorkerProgram {

    /**
     * A JVM that runs functions.
     *
     * @param heap in MB; 0 for a part of the machine's memory
     * @param sharers how many JVMs share the machine's memory
     */
    record Functions(int heap, int sharers) implements WorkerProgram {}

    /**
     * A program of the user's.
     *
     * @param command for the host's shell
     */
    record Command(String command) implements WorkerProgram {}
}
