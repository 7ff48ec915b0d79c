package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * How a pool's commands are started and bounded; its workers too, but for their outputs.
 *
 * @param nice what is added to their niceness, 0 to 19
 * @param memoryMb the most memory that each of their processes may allocate, in MiB; 0 for no limit. Not for functions,
 *     whose JVMs are bounded by their heap
 * @param pinned whether each worker stays on a processor of its own
 * @param memFreeMb none is started while the machine has less memory available, in MiB; 0 for no such limit
 * @param delay the least time between two starts
 * @param maxTasksPerWorker after so many a worker is replaced; 0 for never
 * @param output what becomes of their outputs
 */
public record CommandOptions(
        int nice,
        int memoryMb,
        boolean pinned,
        int memFreeMb,
        @NonNull Duration delay,
        int maxTasksPerWorker,
        @NonNull OutputOptions output) {

    /** Nothing special. */
    public static final CommandOptions DEFAULT =
            new CommandOptions(0, 0, false, 0, Duration.ZERO, 0, OutputOptions.DEFAULT);

    /** The first parameter that only a host can carry out on which this process itself starts the commands. */
    @CheckForNull
    public String onlyOnOwnMachine() {
        if (nice > 0) {
            return "nice";
        }
        if (memoryMb > 0) {
            return "memory";
        }
        if (pinned) {
            return "affinity";
        }
        if (memFreeMb > 0) {
            return "memFree";
        }
        if (output.keepAs() != null) {
            return "keepOutput";
        }
        return output.follow() ? "follow" : null;
    }
}
