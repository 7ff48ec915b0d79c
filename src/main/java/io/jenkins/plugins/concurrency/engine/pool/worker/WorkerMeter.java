package io.jenkins.plugins.concurrency.engine.pool.worker;

import io.jenkins.plugins.concurrency.engine.pool.ResourceUsage;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;

/**
 * Measures the resources of each call of a worker that has one call at a time. Systems count in steps, and a
 * measurement takes longer than many calls. So the use of quick calls is added to the next call that is measured. Not
 * thread-safe.
 */
final class WorkerMeter {

    private static final long LEAST_NANOS = 20_000_000;

    private final WorkerProcess process;
    private long readNanos = System.nanoTime();
    private long cpuMillis;

    WorkerMeter(WorkerProcess process) {
        this.process = process;
    }

    /** What the last call took; nothing of one that was too quick to be measured. */
    ResourceUsage ofCall() {
        long now = System.nanoTime();
        if (now - readNanos < LEAST_NANOS) {
            return ResourceUsage.UNKNOWN;
        }
        readNanos = now;
        ResourceUsage soFar = process.usage();
        if (soFar.cpuMillis() == null) {
            return soFar;
        }
        long before = cpuMillis;
        cpuMillis = soFar.cpuMillis();
        return new ResourceUsage(Math.max(0, cpuMillis - before), soFar.maxRssKb());
    }
}
