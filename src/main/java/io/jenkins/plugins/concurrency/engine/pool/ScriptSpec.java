package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;

/**
 * A script to be started for a branch.
 *
 * @param index the branch's index, which no other script under way has
 * @param worker which no other script under way has, from 1
 * @param text for the host's shell
 * @param directory where it runs, as the host names it
 * @param run what all processes of the run carry
 * @param branch what the script's processes carry beside it, and no others
 * @param outputs reads its outputs, if the host has them in files of this machine
 */
public record ScriptSpec(
        int index,
        int worker,
        String text,
        String directory,
        ProcessCookie run,
        ProcessCookie branch,
        OutputReader outputs) {}
