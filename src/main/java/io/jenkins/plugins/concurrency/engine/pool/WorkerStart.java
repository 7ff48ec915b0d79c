package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;

/**
 * A worker to be started.
 *
 * @param number which no other living worker of the run has, from 1
 * @param program what it is
 * @param opening the first line of its input, with its line break, or nothing
 * @param directory where it runs, as the host names it
 * @param run what all processes of the run carry
 * @param worker what this worker and the processes that it starts carry, and no other worker
 */
public record WorkerStart(
        int number,
        WorkerProgram program,
        String opening,
        String directory,
        ProcessCookie run,
        ProcessCookie worker) {}
