package io.jenkins.plugins.concurrency.engine.run;

import java.io.Serializable;

/**
 * The administrator's limits for all runs of a node together; 0 for no limit.
 *
 * @param processes workers and commands at once
 * @param memoryMib the memory of these in MiB: the heaps of workers that run functions, and the limits that steps set
 *     for other processes
 */
public record NodeLimits(int processes, int memoryMib) implements Serializable {

    private static final long serialVersionUID = 1;

    public static final NodeLimits NONE = new NodeLimits(0, 0);

    public NodeLimits {
        if (processes < 0 || memoryMib < 0) {
            throw new IllegalArgumentException("a negative limit");
        }
    }

    /** Half of each limit, but at least the smallest possible limit. */
    public NodeLimits half() {
        return new NodeLimits((processes + 1) / 2, (memoryMib + 1) / 2);
    }

    /** What is left when others have a part of it, but at least the smallest possible limit. */
    public NodeLimits without(NodeLimits taken) {
        return new NodeLimits(less(processes, taken.processes), less(memoryMib, taken.memoryMib));
    }

    private static int less(int limit, int taken) {
        return limit == 0 ? 0 : Math.max(1, limit - taken);
    }
}
