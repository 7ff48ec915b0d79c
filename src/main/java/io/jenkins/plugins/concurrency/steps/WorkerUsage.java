package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.time.Duration;

/** How busy a run's workers were, where its branches tell of processor time. Not thread-safe. */
final class WorkerUsage {

    /** A quicker run consists of starting processes. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private static final int BUSY_PERCENT = 50;

    private long cpuMillis = -1;
    private int workers;

    void add(@NonNull Outcome outcome) {
        if (outcome.details().get(Detail.CPU_MILLIS) instanceof Number cpu) {
            cpuMillis = Math.max(0, cpuMillis) + cpu.longValue();
        }
        if (outcome.details().get(Detail.WORKER) instanceof Number worker) {
            workers = Math.max(workers, worker.intValue());
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
        if (cpuMillis < 0 || workers == 0 || elapsed.compareTo(LONG_ENOUGH) < 0) {
            return null;
        }
        // What a process leaves behind may be busy too, beyond the branch that started it.
        long percent = Math.min(100, Math.round(100.0 * cpuMillis / elapsed.toMillis() / workers));
        String line = workers + (workers == 1 ? " worker was " : " workers were ") + percent + "% busy";
        return percent < BUSY_PERCENT && function.equals("cpuPool")
                ? line + "; the work looks I/O-bound, which ioPool or parallelFetch would suit better"
                : line;
    }
}
