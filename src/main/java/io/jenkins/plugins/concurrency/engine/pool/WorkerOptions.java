package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pool's workers are.
 *
 * @param command what starts a persistent worker, or {@code null} where there are none, or they run functions
 * @param classPath jars and folders that functions may use, relative to the directory where they run
 * @param memory the heap of a JVM that runs functions, in MB; 0 for a share of the machine's
 */
public record WorkerOptions(@CheckForNull String command, @NonNull List<String> classPath, int memory) {

    /** Functions without a class path. */
    public static final WorkerOptions DEFAULT = new WorkerOptions(null, List.of(), 0);

    public WorkerOptions {
        classPath = List.copyOf(classPath);
        if (memory < 0) {
            throw new IllegalArgumentException("negative memory");
        }
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("command", command);
        json.put("classPath", classPath);
        json.put("memory", memory);
        return json;
    }

    static WorkerOptions fromJson(JsonObject json) throws IOException {
        return new WorkerOptions(
                json.stringOrNull("command"),
                json.list("classPath").stream().map(String::valueOf).toList(),
                json.integer("memory"));
    }
}
