package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a pool runs and on how many workers.
 *
 * @param kind what the work mostly does
 * @param workers how many at once; 0 for as many as the kind's work and the host's processors suggest
 * @param template the command for each input, or {@code null}
 * @param function the source of the Groovy function for each input, or {@code null}
 * @param directory where commands and functions run
 * @param commands how processes are started and bounded
 * @param worker what runs functions, or is a persistent worker
 */
public record PoolSettings(
        @NonNull PoolKind kind,
        int workers,
        @CheckForNull String template,
        @CheckForNull String function,
        @NonNull String directory,
        @NonNull CommandOptions commands,
        @NonNull WorkerOptions worker) {

    /** CPU-bound commands, or functions in workers, with nothing special about them. */
    public PoolSettings(
            int workers, @CheckForNull String template, @CheckForNull String function, @NonNull String directory) {
        this(PoolKind.CPU, workers, template, function, directory, CommandOptions.DEFAULT, WorkerOptions.DEFAULT);
    }

    public PoolSettings {
        if (workers < 0) {
            throw new IllegalArgumentException("negative workers");
        }
        if (template != null && function != null) {
            throw new IllegalArgumentException("a template and a function");
        }
    }

    /** The same work somewhere else, so much of it at once. */
    @NonNull
    public PoolSettings in(@NonNull String newDirectory, int newWorkers) {
        return new PoolSettings(kind, newWorkers, template, function, newDirectory, commands, worker);
    }

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind.text());
        json.put("workers", workers);
        json.put("template", template);
        json.put("function", function);
        json.put("directory", directory);
        json.put("commands", commands.toJson());
        json.put("worker", worker.toJson());
        return json;
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not one
     */
    @NonNull
    public static PoolSettings fromJson(@NonNull JsonObject json) throws IOException {
        return new PoolSettings(
                PoolKind.of(json.string("kind")),
                json.integer("workers"),
                json.stringOrNull("template"),
                json.stringOrNull("function"),
                json.string("directory"),
                CommandOptions.fromJson(json.object("commands")),
                WorkerOptions.fromJson(json.object("worker")));
    }
}
