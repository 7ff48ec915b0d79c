package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One task of a pool.
 *
 * @param index its position in the input, from 0
 * @param name unique in its run
 * @param command its own command; {@code null} if the pool has a template or a function
 * @param input the input of the template or function: a JSON value
 */
public record PoolBranch(int index, String name, @CheckForNull String command, @CheckForNull Object input)
        implements Branch {

    /** The name of a branch with this input. For a map it is {@code os=linux, jdk=17}. */
    public static String nameOf(@CheckForNull Object input, int index) {
        if (input instanceof Map<?, ?> map && !map.isEmpty()) {
            return map.entrySet().stream()
                    .map(part -> part.getKey() + "=" + text(part.getValue()))
                    .collect(Collectors.joining(", "));
        }
        return input == null || input instanceof Map || input instanceof List ? "input " + (index + 1) : text(input);
    }

    private static String text(@CheckForNull Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    /** The JSON form; {@link #fromJson} reads it. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        if (command != null) {
            json.put("command", command);
        } else {
            json.put("input", input);
        }
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is invalid
     */
    public static PoolBranch fromJson(int index, JsonObject json) throws IOException {
        return new PoolBranch(index, json.string("name"), json.stringOrNull("command"), json.fields().get("input"));
    }
}
