package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How busy a run's workers were, where its branches tell of processor time. Not thread-safe. */
final class WorkerUsage {

    /** A quicker run consists of starting processes. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private static final int BUSY_PERCENT = 50;

    private long cpuMillis = -1;

    /** The most workers that were seen on each node; where there is only the step's own, it has no name. */
    private final Map<Object, Integer> workers = new HashMap<>();

    void add(@NonNull Outcome outcome) {
        if (outcome.details().get(Detail.CPU_MILLIS) instanceof Number cpu) {
            cpuMillis = Math.max(0, cpuMillis) + cpu.longValue();
        }
        if (outcome.details().get(Detail.WORKER) instanceof Number worker) {
            workers.merge(outcome.details().getOrDefault(Detail.NODE, ""), worker.intValue(), Math::max);
        }
    }

    /**
     * One line, with advice where the step was not the right one.
     *
     * @param elapsed from the first branch's start to the last one's end
     * @return {@code null} where nothing is known
     */
    @CheckForNull
    String line(@NonNull String function, @NonNull Duration elapsed) {
        int count = workers.values().stream().mapToInt(Integer::intValue).sum();
        if (cpuMillis < 0 || count == 0 || elapsed.compareTo(LONG_ENOUGH) < 0) {
            return null;
        }
        // What a process leaves behind may be busy too, beyond the branch that started it.
        long percent = Math.min(100, Math.round(100.0 * cpuMillis / elapsed.toMillis() / count));
        String line = count + (count == 1 ? " worker was " : " workers were ") + percent + "% busy";
        return percent < BUSY_PERCENT && function.equals("cpuPool")
                ? line + "; the work looks I/O-bound, which ioPool or parallelFetch would suit better"
                : line;
    }
}
