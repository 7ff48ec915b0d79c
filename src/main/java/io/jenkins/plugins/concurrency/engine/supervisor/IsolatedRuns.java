package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs that have a supervisor for themselves get of their node's limits. Such a supervisor can't see what others
 * take, so it is told once, at its start: half of what is left then, at least one process. The shared supervisor has the
 * rest, and hears of it with its next run. So all together keep to the limits, but where there is less left than a process
 * for each; and where the agent's process, which knows these supervisors, was started anew, those from before are not
 * counted. Thread-safe.
 */
final class IsolatedRuns {

    /** Guarded by the class. */
    private static final List<Isolated> STARTED = new ArrayList<>();

    private IsolatedRuns() {}

    private record Isolated(long pid, NodeLimits limits) {

        boolean isRunning() {
            return ProcessHandle.of(pid).filter(ProcessKiller::isRunning).isPresent();
        }
    }

    /** What the others leave of a node's limits. */
    static synchronized NodeLimits left(NodeLimits all) {
        STARTED.removeIf(isolated -> !isolated.isRunning());
        NodeLimits left = all;
        for (Isolated isolated : STARTED) {
            left = left.without(isolated.limits());
        }
        return left;
    }

    /**
     * Another one has been started.
     *
     * @param limits of what it starts
     * @param heapMib its own heap
     */
    static synchronized void started(long pid, NodeLimits limits, int heapMib) {
        STARTED.add(new Isolated(pid, new NodeLimits(limits.processes(), limits.memoryMib() + heapMib)));
    }
}
