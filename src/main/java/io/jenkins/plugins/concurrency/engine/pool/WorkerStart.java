package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;

/**
 * A worker to be started.
 *
 * @param number from 1; no other living worker of the run has the same one
 * @param program its program
 * @param opening the first line of its input, with its line break; empty for none
 * @param directory where it runs, as a path of the host
 * @param run the variable of all processes of the run
 * @param worker the variable of this worker and the processes that it starts
 */
public record WorkerStart(
        int number,
        Program program,
        String opening,
        String directory,
        ProcessCookie run,
        ProcessCookie worker) {

    /** The program of a worker. */
    public sealed interface Program {

        /**
         * A JVM that runs functions.
         *
         * @param heap in MB; 0 for a part of the machine's memory
         * @param sharers how many JVMs share the machine's memory
         */
        record Functions(int heap, int sharers) implements Program {}

        /**
         * A program of the user.
         *
         * @param script starts the program
         */
        record Command(InterpretedScript script) implements Program {}
    }
}
