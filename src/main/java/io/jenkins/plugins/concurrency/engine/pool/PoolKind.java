package io.jenkins.plugins.concurrency.engine.pool;


/** What a pool's work mostly does. It determines the number of workers and where functions run. */
public enum PoolKind {
    /** CPU-bound: as many tasks at once as there are processors, and each function in its own JVM. */
    CPU {
        @Override
        public int defaultWidth(int processors) {
            return processors;
        }
    },
    /** I/O-bound: more tasks at once than there are processors, and all functions on threads of one JVM. */
    IO {
        @Override
        public int defaultWidth(int processors) {
            return Math.min(MAX_DEFAULT_THREADS, processors + 4);
        }
    };

    private static final int MAX_DEFAULT_THREADS = 32;

    /** How many tasks run at once by default. */
    public abstract int defaultWidth(int processors);
}
