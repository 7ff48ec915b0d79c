package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.ShellScript;

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
     * @param script starts it
     */
    record Command(ShellScript script) implements WorkerProgram {}
}
