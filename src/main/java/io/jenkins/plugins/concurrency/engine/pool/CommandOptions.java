package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

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
 * @param maxOutputMb the most that one of them may write to its outputs, in MiB; 0 for no limit
 */
public record CommandOptions(
        int nice,
        int memoryMb,
        boolean pinned,
        int memFreeMb,
        @NonNull Duration delay,
        int maxTasksPerWorker,
        int maxOutputMb) {

    /** A disk that is full harms everybody on the machine. */
    public static final int DEFAULT_MAX_OUTPUT_MB = 1024;

    /** Nothing special. */
    public static final CommandOptions DEFAULT =
            new CommandOptions(0, 0, false, 0, Duration.ZERO, 0, DEFAULT_MAX_OUTPUT_MB);

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
        return memFreeMb > 0 ? "memFree" : null;
    }

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("nice", nice);
        json.put("memoryMb", memoryMb);
        json.put("pinned", pinned);
        json.put("memFreeMb", memFreeMb);
        json.put("delayMillis", delay.toMillis());
        json.put("maxTasksPerWorker", maxTasksPerWorker);
        json.put("maxOutputMb", maxOutputMb);
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not one
     */
    @NonNull
    public static CommandOptions fromJson(@NonNull JsonObject json) throws IOException {
        return new CommandOptions(
                json.integer("nice"),
                json.integer("memoryMb"),
                json.flag("pinned"),
                json.integer("memFreeMb"),
                Duration.ofMillis(json.longValue("delayMillis")),
                json.integer("maxTasksPerWorker"),
                json.integer("maxOutputMb"));
    }
}
