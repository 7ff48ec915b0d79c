package io.jenkins.plugins.concurrency.steps.log;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** How busy a run's workers were, if its branches report processor time. Not thread-safe. */
final class WorkerUsage {

    /** The shortest run that is rated. A shorter one mostly starts processes. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    /** Branches that are shorter, on average, mostly start processes and report results: no advice would make them faster. */
    private static final long RATED_MILLIS = 100;

    private static final int BUSY_PERCENT = 50;

    /** From this percentage of busy processors on, I/O-bound work looks CPU-bound. */
    private static final int COMPUTING_PERCENT = 75;

    /** A limit, because a journal's information about nodes may be wrong. */
    private static final int MAX_NODES = 10_000;

    private long cpuMillis = -1;
    private long branches;

    /** The highest worker number on each node. If only the step's own node works, it has no name. */
    private final Map<Object, Integer> workers = new HashMap<>();

    void add(Outcome outcome) {
        branches++;
        add(outcome.details().get(OutcomeDetail.CPU_MILLIS));
        add(outcome.details().get(OutcomeDetail.SHARED_CPU_MILLIS));
        if (outcome.details().get(OutcomeDetail.WORKER) instanceof Number worker) {
            Object node = outcome.details().getOrDefault(OutcomeDetail.NODE, "");
            if (workers.size() < MAX_NODES || workers.containsKey(node)) {
                workers.merge(node, worker.intValue(), Math::max);
            }
        }
    }

    private void add(Object cpu) {
        if (cpu instanceof Number more) {
            cpuMillis = Math.max(0, cpuMillis) + more.longValue();
        }
    }

    /**
     * One line, with advice if another step would suit better.
     *
     * @param elapsed from the first branch's start to the last one's end
     * @param processors called only if needed; returns how many processors the work had, 0 if that is not known
     * @return {@code null} if nothing is known
     */
    @CheckForNull
    String line(String function, Duration elapsed, IntSupplier processors) {
        int count = workers.values().stream().mapToInt(Integer::intValue).sum();
        if (cpuMillis < 0 || count == 0 || elapsed.compareTo(LONG_ENOUGH) < 0) {
            return null;
        }
        int all = function.equals("ioPool") ? processors.getAsInt() : 0;
        if (all > 0) {
            return ofProcessors(count, Math.min(count, all), elapsed);
        }
        long percent = percent(count, elapsed);
        String line = count + (count == 1 ? " worker was " : " workers were ") + percent + "% busy";
        boolean isRated = count * elapsed.toMillis() >= branches * RATED_MILLIS;
        return percent < BUSY_PERCENT && isRated && function.equals("cpuPool")
                ? line + "; the work looks I/O-bound, which ioPool or parallelFetch would suit better"
                : line;
    }

    /** For I/O-bound work: it has more workers than processors, so not all workers can be busy. */
    private String ofProcessors(int count, int processors, Duration elapsed) {
        long percent = percent(processors, elapsed);
        String line = count + (count == 1 ? " worker" : " workers") + " kept " + processors
                + (processors == 1 ? " processor " : " processors ") + percent + "% busy";
        return percent < COMPUTING_PERCENT
                ? line
                : line + "; the work looks CPU-bound, which cpuPool would suit better";
    }

    /** At most 100, because processes that a branch has left may use processor time too. */
    private long percent(int most, Duration elapsed) {
        return Math.min(100, Math.round(100.0 * cpuMillis / elapsed.toMillis() / most));
    }
}
