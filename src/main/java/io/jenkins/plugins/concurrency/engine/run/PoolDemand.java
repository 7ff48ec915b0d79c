package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolKind;

/**
 * What a pool takes of its machine.
 *
 * @param kind what its work mostly does
 * @param adapts whether it takes what is free: the step sets no number of workers
 * @param attemptsAtOnce how many attempts one of its processes has at once
 * @param memoryMib what one of its processes may use, in MiB; 0 if the step does not say
 * @param stays whether its processes stay up when an attempt has ended
 */
public record PoolDemand(PoolKind kind, boolean adapts, int attemptsAtOnce, int memoryMib, boolean stays) {}
