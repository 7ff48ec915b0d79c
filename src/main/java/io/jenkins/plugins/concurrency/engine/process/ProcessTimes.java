package io.jenkins.plugins.concurrency.engine.process;

import java.time.Duration;
import java.util.stream.Stream;

/** Processor time of processes. */
public final class ProcessTimes {

    private ProcessTimes() {}

    /**
     * The processor time of a process so far, with its running descendants and with the children that it has waited
     * for, in milliseconds. Some systems count in steps of 10.
     *
     * @return -1 if nothing is known
     */
    public static long cpuMillisOfTree(long pid) {
        ProcessStat stat = ProcessStat.of(pid);
        if (stat == null) {
            return ofHandles(pid);
        }
        long millis = stat.cpuMillis();
        for (long child : ChildProcesses.of(pid)) {
            millis += Math.max(0, cpuMillisOfTree(child));
        }
        return millis;
    }

    /** For systems without {@code /proc}. */
    private static long ofHandles(long pid) {
        ProcessHandle root = ProcessHandle.of(pid).orElse(null);
        Duration own = root == null ? null : root.info().totalCpuDuration().orElse(null);
        if (own == null) {
            return -1;
        }
        try (Stream<ProcessHandle> descendants = root.descendants()) {
            return own.toMillis()
                    + descendants
                            .mapToLong(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis())
                            .sum();
        }
    }
}
