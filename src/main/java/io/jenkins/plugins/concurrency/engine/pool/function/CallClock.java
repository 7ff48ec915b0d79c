package io.jenkins.plugins.concurrency.engine.pool.function;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;

/**
 * Measures the processor time of calls that share a process, by thread where the JVM can. It can't for virtual threads.
 * Then each answer has what the process used since the answer before, so the sum is right. Thread-safe.
 */
final class CallClock {

    private static final long NANOS_A_MILLI = 1_000_000;

    /** {@code null} where threads can't be measured separately. */
    private final ThreadMXBean threads;

    /** Guarded by this. */
    private long toldMillis;

    CallClock(boolean virtual) {
        ThreadMXBean bean = virtual ? null : ManagementFactory.getThreadMXBean();
        this.threads = bean != null && bean.isCurrentThreadCpuTimeSupported() ? bean : null;
    }

    /** What {@link #end} wants to know at the end of the call that begins on this thread. */
    long begin() {
        return threads == null ? 0 : threads.getCurrentThreadCpuTime();
    }

    /** Adds to an answer what its call took on this thread. */
    void end(long begin, Map<String, Object> answer) {
        if (threads != null) {
            answer.put(FunctionProtocol.CPU_MILLIS, (threads.getCurrentThreadCpuTime() - begin) / NANOS_A_MILLI);
        } else {
            answer.put(FunctionProtocol.SHARED_CPU_MILLIS, sinceLast());
        }
    }

    private synchronized long sinceLast() {
        long millis = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
        long since = Math.max(0, millis - toldMillis);
        toldMillis = millis;
        return since;
    }
}
