package io.jenkins.plugins.concurrency.view.data;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A run in a build directory as a step leaves it there, written by a test. */
public final class PlantedRun implements AutoCloseable {

    /** When all planted runs begin. */
    public static final long START = 1_790_000_000_000L;

    private final RunFiles files;
    private final JournalWriter journal;

    private PlantedRun(RunFiles files) throws IOException {
        this.files = files;
        this.journal = new JournalWriter(files.journal());
    }

    /** Begins a run. */
    public static PlantedRun begin(Path build, String id, RunDescription about)
            throws IOException {
        RunFiles files = new RunFiles(Files.createDirectories(build.resolve(RunFiles.FOLDER).resolve(id)));
        files.writeDescription(about);
        PlantedRun run = new PlantedRun(files);
        run.journal.append(new JournalEntry.Started(id, 1));
        return run;
    }

    /** A step with this name on some slots. */
    public static RunDescription about(String step, String name, int total, int slots) {
        return new RunDescription(step, name, total, slots, START, List.of());
    }

    /** A branch that succeeded; times in milliseconds after the start. */
    public static Outcome succeeded(int index, String name, long start, long millis, Map<String, Object> details) {
        return new Outcome(index, name, OutcomeStatus.SUCCEEDED, null, 1, START + start, millis, details);
    }

    /** A branch that failed. */
    public static Outcome failed(
            int index,
            String name,
            long start,
            long millis,
            ErrorType type,
            String message,
            Map<String, Object> details) {
        BranchError error = new BranchError(type, message);
        return new Outcome(index, name, OutcomeStatus.FAILED, error, 1, START + start, millis, details);
    }

    /** A branch that never started. */
    public static Outcome cancelled(int index, String name, String why) {
        BranchError error = new BranchError(ErrorType.CANCELLED, why);
        return new Outcome(index, name, OutcomeStatus.CANCELLED, error, 0, START, 0, Map.of());
    }

    /** A command's details. */
    public static Map<String, Object> command(int worker, int exitCode, String stderr) {
        return Map.of(OutcomeDetail.WORKER, worker, OutcomeDetail.EXIT_CODE, exitCode, OutcomeDetail.STDOUT, "", OutcomeDetail.STDERR, stderr);
    }

    public PlantedRun add(Outcome outcome) throws IOException {
        journal.append(new JournalEntry.Ended(outcome));
        return this;
    }

    /** Limits of origins, so many milliseconds after the start. */
    public PlantedRun limits(Map<String, Integer> limits, long at, String node) throws IOException {
        journal.append(new JournalEntry.Limits(limits, START + at, node));
        return this;
    }

    /** Ends one process that works on the run and begins another. */
    public PlantedRun changeProcess() throws IOException {
        journal.append(new JournalEntry.Suspended("run", 1));
        journal.append(new JournalEntry.Started("run", 2));
        return this;
    }

    /** Ends the run. */
    public void finish(int total) throws IOException {
        journal.append(new JournalEntry.Finished(total, null));
        close();
    }

    public RunFiles files() {
        return files;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
