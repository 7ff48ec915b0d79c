package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolKind;

/**
 * What a pool takes of its machine.
 *
 * @param kind what its work mostly does
 * @param adapts whether it takes what is free, because the step sets no number of workers
 * @param attemptsAtOnce how many attempts a process of it has at once
 * @param memoryMib what a process of it may take, in MiB; 0 if the step does not say
 * @param stays whether its processes continue when an attempt has ended
 */
public record PoolDemand(PoolKind kind, boolean adapts, int attemptsAtOnce, int memoryMib, boolean stays) {}
