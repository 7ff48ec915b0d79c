package io.jenkins.plugins.concurrency.engine.run;

import java.io.Serializable;

/**
 * The administrator's limits for all runs of a node together; 0 for no limit.
 *
 * @param processes workers and commands at once
 * @param memoryMib for these, in MiB: heaps of workers that run functions, and the limit that steps set for each other
 *     process
 */
public record NodeLimits(int processes, int memoryMib) implements Serializable {

    private static final long serialVersionUID = 1;

    /** No limits. */
    public static final NodeLimits NONE = new NodeLimits(0, 0);

    public NodeLimits {
        if (processes < 0 || memoryMib < 0) {
            throw new IllegalArgumentException("a negative limit");
        }
    }

    /** Half of each, at least the smallest limit that there is. */
    public NodeLimits half() {
        return new NodeLimits((processes + 1) / 2, (memoryMib + 1) / 2);
    }

    /** What is left when others have some of it; at least the smallest limit that there is. */
    public NodeLimits without(NodeLimits taken) {
        return new NodeLimits(less(processes, taken.processes), less(memoryMib, taken.memoryMib));
    }

    private static int less(int limit, int taken) {
        return limit == 0 ? 0 : Math.max(1, limit - taken);
    }
}
