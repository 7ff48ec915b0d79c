package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;

/**
 * A script to be started for a branch.
 *
 * @param index the branch's index; no other running script has the same one
 * @param worker the worker's number, from 1; no other running script has the same one
 * @param script what to run
 * @param directory where it runs, as a path of the host
 * @param run the variable of all processes of the run
 * @param branch the variable of the script's own processes
 * @param outputs reads its outputs, if the host has them in files of this machine
 */
public record ScriptSpec(
        int index,
        int worker,
        InterpretedScript script,
        String directory,
        ProcessCookie run,
        ProcessCookie branch,
        OutputReader outputs) {}
