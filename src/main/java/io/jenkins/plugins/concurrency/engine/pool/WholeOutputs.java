package io.jenkins.plugins.concurrency.engine.pool;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits how much standard output the results of a run have beyond the ends of the outputs, because it is stored with
 * the build. What the last attempt of each branch has counts. Thread-safe.
 */
final class WholeOutputs {

    private final long limit;

    // Guarded by this.
    private final Map<Integer, Integer> kept = new HashMap<>();
    private long total;

    /** @param limit in characters */
    WholeOutputs(long limit) {
        this.limit = limit;
    }

    /**
     * An attempt of a branch has ended.
     *
     * @param more how much its output has beyond its end, in characters
     * @return whether that may be kept
     */
    synchronized boolean keep(int branch, int more) {
        if (total + more > limit) {
            return false;
        }
        kept.put(branch, more);
        total += more;
        return true;
    }

    /** A branch is attempted again, so its earlier output is dropped. */
    synchronized void drop(int branch) {
        Integer dropped = kept.remove(branch);
        total -= dropped == null ? 0 : dropped;
    }
}
