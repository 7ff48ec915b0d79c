package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much of a run happens at once.
 *
 * @param concurrency requests under way at once
 * @param perHost of these, the most to one origin; 0 for no limit of its own
 */
public record TrafficLimits(int concurrency, int perHost) {

    /** The most requests under way at once that a run may ask for. */
    public static final int MAX_CONCURRENCY = 10_000;

    /** The step's defaults. */
    public static final TrafficLimits STANDARD = new TrafficLimits(64, 0);

    public TrafficLimits {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "concurrency " + concurrency + " is out of range: give 1 to " + MAX_CONCURRENCY);
        }
        if (perHost < 0) {
            throw new IllegalArgumentException("perHost " + perHost + " is negative: give 0 (no limit) or more");
        }
    }

    @NonNull
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("concurrency", concurrency);
        json.put("perHost", perHost);
        return json;
    }

    @NonNull
    static TrafficLimits fromJson(@NonNull JsonObject json) throws IOException {
        return new TrafficLimits(json.integer("concurrency"), json.integer("perHost"));
    }
}
