package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;

/**
 * What a run may take of its machines; 0 for no limit.
 *
 * @param workers the most workers of a {@code cpuPool}, also where the machine decides how many it has
 * @param threads the same of an {@code ioPool}
 * @param journalBytes the most that the journal may have, its last line not counted
 */
public record RunLimits(int workers, int threads, long journalBytes) {

    /** No limits. */
    public static final RunLimits NONE = new RunLimits(0, 0, 0);

    public RunLimits {
        if (workers < 0 || threads < 0 || journalBytes < 0) {
            throw new IllegalArgumentException("a negative limit");
        }
    }

    /**
     * As many at once as a pool wants, unless these are too many.
     *
     * @param processors of the machine that does the work; looked at where the pool does not say what it wants
     */
    int widthOf(PoolSettings pool, int processors) {
        int most = pool.kind() == PoolKind.CPU ? workers : threads;
        int wanted = pool.workers() > 0 ? pool.workers() : pool.kind().defaultWidth(processors);
        return most == 0 ? wanted : Math.min(most, wanted);
    }
}
