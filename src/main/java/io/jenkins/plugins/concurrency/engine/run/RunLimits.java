package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run may take of the machines that it concerns; 0 stands for no limit.
 *
 * @param workers the most workers of a pool, also where only the machine knows how many it would have
 * @param journalBytes the most that the journal may have, its last line left out
 */
public record RunLimits(int workers, long journalBytes) {

    /** No limits. */
    public static final RunLimits NONE = new RunLimits(0, 0);

    public RunLimits {
        if (workers < 0 || journalBytes < 0) {
            throw new IllegalArgumentException("a negative limit");
        }
    }

    /** As many workers as are wanted, unless these are too many. */
    int workersOf(int wanted) {
        return workers == 0 ? wanted : Math.min(workers, wanted);
    }

    @NonNull
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("workers", workers);
        json.put("journalBytes", journalBytes);
        return json;
    }

    @NonNull
    static RunLimits fromJson(@NonNull JsonObject json) throws IOException {
        return new RunLimits(json.integer("workers"), json.longValue("journalBytes"));
    }
}
