package io.jenkins.plugins.concurrency.bench.engine;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A run that an {@link EngineMain} is asked for.
 *
 * @param directory the run directory
 * @param discardBodies whether bodies of fetches stay out of the journal
 * @param warmUp how many branches end before the clock starts
 * @param heapAt after how many branches the live heap is measured, ascending
 */
public record EngineRequest(Path directory, boolean discardBodies, int warmUp, List<Integer> heapAt) {

    /** A run as production has it, measured as a whole. */
    public static EngineRequest of(Path directory) {
        return new EngineRequest(directory, false, 0, List.of());
    }

    public EngineRequest discardingBodies() {
        return new EngineRequest(directory, true, warmUp, heapAt);
    }

    public EngineRequest warmingUpWith(int branches) {
        return new EngineRequest(directory, discardBodies, branches, heapAt);
    }

    public EngineRequest measuringHeapAt(List<Integer> counts) {
        return new EngineRequest(directory, discardBodies, warmUp, counts);
    }

    Map<String, Object> toJson() {
        return Map.of(
                "directory", directory.toString(), "discardBodies", discardBodies, "warmUp", warmUp, "heapAt", heapAt);
    }

    static EngineRequest fromJson(JsonObject json) throws IOException {
        List<Integer> heapAt = json.list("heapAt").stream().map(count -> ((Number) count).intValue()).toList();
        return new EngineRequest(
                Path.of(json.string("directory")), json.flag("discardBodies"), json.integer("warmUp"), heapAt);
    }
}
