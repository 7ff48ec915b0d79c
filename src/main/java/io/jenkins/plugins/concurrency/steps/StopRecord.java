package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.run.AtomicFile;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * That a step was told to stop, and why, as a file beside its run's journal: a controller that is killed right
 * afterwards does not forget it. The causes themselves become their texts.
 */
final class StopRecord {

    private StopRecord() {}

    /** @throws IOException if the build directory can't be written to */
    static void write(@NonNull RunFiles build, @NonNull Throwable cause) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        if (cause instanceof FlowInterruptedException interruption) {
            json.put("result", interruption.getResult().toString());
            json.put("interrupts", interruption.isActualInterruption());
            json.put(
                    "causes",
                    interruption.getCauses().stream()
                            .map(CauseOfInterruption::getShortDescription)
                            .toList());
        } else {
            json.put("result", Result.ABORTED.toString());
            json.put("interrupts", true);
            json.put("causes", List.of(String.valueOf(cause.getMessage())));
        }
        AtomicFile.write(build.cancel(), Json.write(json));
    }

    /**
     * What a step ends with that was told to stop before the controller was restarted.
     *
     * @return {@code null} if it was not told to
     * @throws IOException if the build directory can't be read
     */
    @CheckForNull
    static FlowInterruptedException read(@NonNull RunFiles build) throws IOException {
        if (!Files.exists(build.cancel())) {
            return null;
        }
        JsonObject json = JsonObject.parse(Files.readString(build.cancel()));
        CauseOfInterruption[] causes =
                json.list("causes").stream().map(text -> new Told(String.valueOf(text))).toArray(Told[]::new);
        return new FlowInterruptedException(Result.fromString(json.string("result")), json.flag("interrupts"), causes);
    }

    /** What is left of a cause. */
    public static final class Told extends KeptCause {
        private static final long serialVersionUID = 1;

        Told(String description) {
            super(description);
        }

        /** Found by its name. */
        public static final class ConverterImpl extends AsPipelineCause {}
    }
}
