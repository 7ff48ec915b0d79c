package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * How many branches all steps of a build had, and how they ended. Kept in a small file beside the runs, so that a trend
 * over many builds need not read their journals.
 */
public record BuildTotals(int succeeded, int failed, int cancelled) {

    private static final String FILE = "totals.json";

    /** Adds up the runs of a build. */
    @NonNull
    public static BuildTotals of(@NonNull BuildRuns runs) {
        int succeeded = 0;
        int failed = 0;
        int cancelled = 0;
        for (RunIndex run : runs.all()) {
            Summary summary = run.summary(false);
            succeeded += summary.succeeded();
            failed += summary.failed();
            cancelled += summary.cancelled();
        }
        return new BuildTotals(succeeded, failed, cancelled);
    }

    /**
     * The totals of a build that has ended; counted and kept if they are not yet.
     *
     * @throws IOException if they can't be
     */
    @NonNull
    public static BuildTotals ofEnded(@NonNull Path buildDirectory, @NonNull BuildRunsCache cache) throws IOException {
        Path file = buildDirectory.resolve(RunFiles.FOLDER).resolve(FILE);
        try {
            JsonObject json = JsonObject.parse(Files.readString(file));
            return new BuildTotals(json.integer("succeeded"), json.integer("failed"), json.integer("cancelled"));
        } catch (NoSuchFileException e) {
            BuildRuns runs = cache.get(buildDirectory);
            runs.refresh(false);
            BuildTotals totals = of(runs);
            totals.keep(file);
            return totals;
        }
    }

    private void keep(Path file) throws IOException {
        Path temporary = Files.createTempFile(file.getParent(), "totals", null);
        Files.writeString(
                temporary, Json.write(Map.of("succeeded", succeeded, "failed", failed, "cancelled", cancelled)));
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
