package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;

/**
 * A script to be started for a branch.
 *
 * @param index the branch's index, which no other running script has
 * @param worker which no other running script has, from 1
 * @param script what to run
 * @param directory where it runs, as the host names it
 * @param run variables of all processes of the run
 * @param branch further variables, only of the script's own processes
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
