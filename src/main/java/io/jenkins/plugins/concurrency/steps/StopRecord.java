package io.jenkins.plugins.concurrency.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * A file beside a run's journal which records that the step was stopped, and why. So a controller that is killed right
 * afterwards still knows. The causes themselves become their texts.
 */
record StopRecord(String result, boolean interrupts, List<String> causes) {

    /** @throws IOException if the build directory can't be written to */
    static void write(RunFiles build, Throwable cause) throws IOException {
        StopRecord record = cause instanceof FlowInterruptedException interruption
                ? new StopRecord(
                        interruption.getResult().toString(),
                        interruption.isActualInterruption(),
                        interruption.getCauses().stream()
                                .map(CauseOfInterruption::getShortDescription)
                                .toList())
                : new StopRecord(Result.ABORTED.toString(), true, List.of(String.valueOf(cause.getMessage())));
        AtomicFile.write(build.cancel(), record);
    }

    /**
     * Why the step was stopped, if it was before the controller was restarted. The step ends with this.
     *
     * @return {@code null} if it was not stopped
     * @throws IOException if the build directory can't be read
     */
    @CheckForNull
    static FlowInterruptedException read(RunFiles build) throws IOException {
        if (!Files.exists(build.cancel())) {
            return null;
        }
        StopRecord record = RecordCodec.read(StopRecord.class, build.cancel());
        CauseOfInterruption[] causes = record.causes().stream().map(RecordedCause::new).toArray(RecordedCause[]::new);
        return new FlowInterruptedException(Result.fromString(record.result()), record.interrupts(), causes);
    }

    /** A cause of which only its description was stored. */
    public static final class RecordedCause extends PersistedCause {
        private static final long serialVersionUID = 1;

        RecordedCause(String description) {
            super(description);
        }

        /** Jenkins finds this class by its name. */
        public static final class ConverterImpl extends AsPipelineCause {}
    }
}
