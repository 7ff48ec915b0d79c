package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What kind of work a run does. */
public sealed interface Work {

    /** The JSON form, which {@link #fromJson} reads. */
    @NonNull
    Map<String, Object> toJson();

    /** How many branches may be under way at once; 0 if only the machine that does the work knows. */
    int slots();

    /** The pool that does it, or a part of it; {@code null} if there is none. */
    @CheckForNull
    PoolSettings pool();

    /** The variables of the run's environment with secrets that the work itself needs. */
    @NonNull
    default List<String> secretVariables() {
        return List.of();
    }

    /**
     * HTTP requests.
     *
     * @param settings what holds for all of them
     * @param urlsFile the file that lists them, or {@code null} where the run directory has them already
     * @param process what is done with each response, or {@code null} for nothing
     */
    record Fetch(@NonNull FetchSettings settings, @CheckForNull String urlsFile, @CheckForNull Processing process)
            implements Work {

        /** Fetches and nothing more. */
        public Fetch(@NonNull FetchSettings settings, @CheckForNull String urlsFile) {
            this(settings, urlsFile, null);
        }

        @Override
        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("fetch", settings.toJson());
            json.put("urlsFile", urlsFile);
            json.put("process", process == null ? null : process.toJson());
            return json;
        }

        @Override
        public int slots() {
            int workers = process == null ? 0 : process.pool().workers();
            return process != null && workers == 0 ? 0 : settings.traffic().concurrency() + workers;
        }

        @Override
        public PoolSettings pool() {
            return process == null ? null : process.pool();
        }

        @Override
        public List<String> secretVariables() {
            return settings.secretVariables();
        }
    }

    /**
     * Commands or function calls.
     *
     * @param settings what holds for all of them
     * @param inputsFile the file that lists their inputs, or {@code null} where the run directory has them already
     */
    record Pool(@NonNull PoolSettings settings, @CheckForNull String inputsFile) implements Work {

        /** A pool whose branches the run directory has. */
        public Pool(@NonNull PoolSettings settings) {
            this(settings, null);
        }

        @Override
        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("pool", settings.toJson());
            json.put("inputsFile", inputsFile);
            return json;
        }

        @Override
        public PoolSettings pool() {
            return settings;
        }

        @Override
        public int slots() {
            return settings.workers();
        }
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not one
     */
    @NonNull
    static Work fromJson(@NonNull JsonObject json) throws IOException {
        if (json.has("fetch")) {
            return new Fetch(
                    FetchSettings.fromJson(json.object("fetch")),
                    json.stringOrNull("urlsFile"),
                    json.has("process") ? Processing.fromJson(json.object("process")) : null);
        }
        return new Pool(PoolSettings.fromJson(json.object("pool")), json.stringOrNull("inputsFile"));
    }
}
