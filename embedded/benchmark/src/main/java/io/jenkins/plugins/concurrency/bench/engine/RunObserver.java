package io.jenkins.plugins.concurrency.bench.engine;

import io.jenkins.plugins.concurrency.bench.process.CpuTime;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Watches a run from inside. Safe for use by many threads. */
final class RunObserver implements OutcomeSink {

    private final int warmUp;

    // Guarded by this.
    private final Deque<Integer> heapAt;
    private final List<Long> heap = new ArrayList<>();
    private long begin = System.nanoTime();
    private double cpuBegin = CpuTime.withChildren();
    private int ended;
    private int succeeded;
    private String problem = "";

    RunObserver(EngineRequest request) {
        warmUp = request.warmUp();
        heapAt = new ArrayDeque<>(request.heapAt());
    }

    @Override
    public synchronized void ended(Outcome outcome) {
        ended++;
        if (ended == warmUp) {
            begin = System.nanoTime();
            cpuBegin = CpuTime.withChildren();
        }
        if (outcome.status() == OutcomeStatus.SUCCEEDED) {
            succeeded++;
        } else if (problem.isEmpty()) {
            problem = outcome.name() + ": " + outcome.error();
        }
        if (!heapAt.isEmpty() && heapAt.peek() == ended) {
            heapAt.poll();
            heap.add(liveHeap());
        }
    }

    /** @param failure of the run as a whole, or {@code null} */
    synchronized EngineReply reply(String failure) {
        long nanos = System.nanoTime() - begin;
        double cpu = CpuTime.withChildren() - cpuBegin;
        return new EngineReply(nanos, Double.isNaN(cpu) ? -1 : Math.round(cpu * 1e3), succeeded, failure == null ? problem : failure, List.copyOf(heap));
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
