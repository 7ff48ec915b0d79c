package io.jenkins.plugins.concurrency.engine.journal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of a journal. */
public sealed interface JournalEntry {

    /** The JSON form, which {@link #fromJson} reads. */
    Map<String, Object> toJson();

    /**
     * A process began to work on the run, or to continue it.
     *
     * @param runId the run
     * @param pid the working process
     * @param processors how many the run may use; 0 if that is not known
     */
    record Started(String runId, long pid, int processors) implements JournalEntry {

        /** For a machine with an unknown number of processors. */
        public Started(String runId, long pid) {
            this(runId, pid, 0);
        }

        @Override
        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("started", runId);
            json.put("pid", pid);
            if (processors > 0) {
                json.put("processors", processors);
            }
            json.put("at", System.currentTimeMillis());
            return json;
        }
    }

    /**
     * A process was asked to end and stopped its work on the run. Another process may continue.
     *
     * @param runId the run
     * @param pid the process
     */
    record Suspended(String runId, long pid) implements JournalEntry {
        @Override
        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("suspended", runId);
            json.put("pid", pid);
            json.put("at", System.currentTimeMillis());
            return json;
        }
    }

    /** A branch ended. */
    record Ended(Outcome outcome) implements JournalEntry {
        @Override
        public Map<String, Object> toJson() {
            return outcome.toJson();
        }
    }

    /**
     * How many branches have been fetched. For a run that processes them afterwards.
     *
     * @param count includes branches that have ended since
     */
    record Fetched(int count) implements JournalEntry {
        @Override
        public Map<String, Object> toJson() {
            return Map.of("fetched", count);
        }
    }

    /**
     * How many requests may run at once, for some origins whose limit has changed.
     *
     * @param limits by origin, at most {@value #MOST}
     * @param atMillis since the epoch
     * @param node which node it is about; {@code null} for a run on one node
     */
    record Limits(Map<String, Integer> limits, long atMillis, @CheckForNull String node) implements JournalEntry {

        static final int MOST = 100;

        public Limits {
            limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
        }

        /** The same as a report of a node. */
        public Limits of(String reporter) {
            return new Limits(limits, atMillis, reporter);
        }

        @Override
        public Map<String, Object> toJson() {
            List<Object> pairs = new ArrayList<>();
            limits.forEach((origin, limit) -> pairs.add(List.of(origin, limit)));
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("limits", pairs);
            json.put("at", atMillis);
            if (node != null) {
                json.put("node", node);
            }
            return json;
        }

        private static Limits fromJson(JsonObject json) throws IOException {
            Map<String, Integer> limits = new LinkedHashMap<>();
            for (Object pair : json.list("limits")) {
                if (!(pair instanceof List<?> both)
                        || both.size() != 2
                        || !(both.get(0) instanceof String origin)
                        || !(both.get(1) instanceof Number limit)
                        || limits.size() == MOST) {
                    throw new IOException("these are no limits: " + pair);
                }
                limits.put(origin, limit.intValue());
            }
            return new Limits(limits, json.longValue("at"), json.stringOrNull("node"));
        }
    }

    /**
     * The run is over; nothing follows.
     *
     * @param total how many branches the run had
     * @param failure one line with the reason why the run could not be carried out; {@code null} if it was
     * @param heapBytes what the heap of the supervisor took of its machine's memory; 0 if no supervisor did the run
     */
    record Finished(int total, @CheckForNull String failure, long heapBytes) implements JournalEntry {

        /** Written by the controller. */
        public Finished(int total, @CheckForNull String failure) {
            this(total, failure, 0);
        }

        @Override
        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("finished", total);
            if (failure != null) {
                json.put("failure", failure);
            }
            if (heapBytes > 0) {
                json.put("heap", heapBytes);
            }
            return json;
        }
    }

    /**
     * Reads the JSON form.
     *
     * @throws IOException if it is not valid, in one line
     */
    static JournalEntry fromJson(JsonObject json) throws IOException {
        if (json.has("started")) {
            int processors = json.has("processors") ? json.integer("processors") : 0;
            return new Started(json.string("started"), json.longValue("pid"), processors);
        }
        if (json.has("suspended")) {
            return new Suspended(json.string("suspended"), json.longValue("pid"));
        }
        if (json.has("fetched")) {
            return new Fetched(json.integer("fetched"));
        }
        if (json.has("limits")) {
            return Limits.fromJson(json);
        }
        if (json.has("finished")) {
            long heapBytes = json.has("heap") ? json.longValue("heap") : 0;
            return new Finished(json.integer("finished"), json.stringOrNull("failure"), heapBytes);
        }
        return new Ended(Outcome.fromJson(json));
    }
}
