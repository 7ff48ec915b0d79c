package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;

/**
 * What a run may take of its machines; 0 for no limit.
 *
 * @param workers the largest number of workers of a {@code cpuPool}, also if the machine decides the number
 * @param threads the same for an {@code ioPool}
 * @param journalBytes the most that the journal may have, its last line not counted
 */
public record RunLimits(int workers, int threads, long journalBytes) {

    public static final RunLimits NONE = new RunLimits(0, 0, 0);

    public RunLimits {
        if (workers < 0 || threads < 0 || journalBytes < 0) {
            throw new IllegalArgumentException("a negative limit");
        }
    }

    /**
     * How many branches of a pool run at once: what the pool asks for, or these limits if they are lower.
     *
     * @param processors of the machine that does the work; used if the pool asks for no number
     */
    int widthOf(PoolSettings pool, int processors) {
        int most = pool.kind() == PoolKind.CPU ? workers : threads;
        int wanted = pool.workers() > 0 ? pool.workers() : pool.kind().defaultWidth(processors);
        return most == 0 ? wanted : Math.min(most, wanted);
    }
}
