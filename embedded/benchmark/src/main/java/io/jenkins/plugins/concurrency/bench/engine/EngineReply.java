package io.jenkins.plugins.concurrency.bench.engine;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How a run went.
 *
 * @param nanos from the run's start, or the end of the warm-up, to its end
 * @param cpuMillis processor time of the process, and of its children that have ended, in that time; negative if it is
 *     not known
 * @param succeeded branches
 * @param problem the first thing that went wrong, empty if nothing did
 * @param heap bytes of live heap at the counts that were asked for
 */
public record EngineReply(long nanos, long cpuMillis, int succeeded, String problem, List<Long> heap) {

    public double seconds() {
        return nanos / 1e9;
    }

    /** NaN where it is not known. */
    public double cpuSeconds() {
        return cpuMillis < 0 ? Double.NaN : cpuMillis / 1e3;
    }

    Map<String, Object> toJson() {
        return Map.of(
                "nanos", nanos, "cpuMillis", cpuMillis, "succeeded", succeeded, "problem", problem, "heap", heap);
    }

    static EngineReply fromJson(JsonObject json) throws IOException {
        List<Long> heap = json.list("heap").stream().map(bytes -> ((Number) bytes).longValue()).toList();
        return new EngineReply(
                json.longValue("nanos"),
                json.longValue("cpuMillis"),
                json.integer("succeeded"),
                json.string("problem"),
                heap);
    }
}
