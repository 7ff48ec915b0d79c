package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolKind;

/**
 * What a pool takes of its machine.
 *
 * @param kind what its work mostly does
 * @param adapts whether it takes what is free, since nobody has said how many workers it is to have
 * @param attemptsAtOnce how many attempts a process of it has at once
 * @param memoryMib what a process of it may take, in MiB; 0 if nobody has said
 * @param stays whether its processes go on when an attempt has ended
 */
public record PoolDemand(PoolKind kind, boolean adapts, int attemptsAtOnce, int memoryMib, boolean stays) {}
