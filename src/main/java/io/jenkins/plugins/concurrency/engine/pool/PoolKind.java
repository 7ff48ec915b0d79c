package io.jenkins.plugins.concurrency.engine.pool;


/** What a pool's work mostly does. It determines the number of workers and where functions run. */
public enum PoolKind {
    /** It computes: as many at once as there are processors, each function in a JVM of its own. */
    CPU {
        @Override
        public int defaultWidth(int processors) {
            return processors;
        }
    },
    /** It waits: more at once than there are processors, all functions on threads of one JVM. */
    IO {
        @Override
        public int defaultWidth(int processors) {
            return Math.min(MAX_DEFAULT_THREADS, processors + 4);
        }
    };

    private static final int MAX_DEFAULT_THREADS = 32;

    /** How much of it runs at once by default. */
    public abstract int defaultWidth(int processors);
}
