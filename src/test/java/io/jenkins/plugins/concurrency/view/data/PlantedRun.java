package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import io.jenkins.plugins.concurrency.engine.run.RunAbout;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    @NonNull
    public static PlantedRun begin(@NonNull Path build, @NonNull String id, @NonNull RunAbout about)
            throws IOException {
        RunFiles files = new RunFiles(Files.createDirectories(build.resolve(RunFiles.FOLDER).resolve(id)));
        files.writeAbout(about);
        PlantedRun run = new PlantedRun(files);
        run.journal.append(new JournalEntry.Started(id, 1));
        return run;
    }

    /** A step with this name on some slots. */
    @NonNull
    public static RunAbout about(@NonNull String step, @NonNull String name, int total, int slots) {
        return new RunAbout(step, name, total, slots, START);
    }

    /** A branch that succeeded; times in milliseconds after the start. */
    @NonNull
    public static Outcome succeeded(
            int index, @NonNull String name, long start, long millis, @NonNull Map<String, Object> details) {
        return new Outcome(index, name, Status.SUCCEEDED, null, 1, START + start, millis, details);
    }

    /** A branch that failed. */
    @NonNull
    public static Outcome failed(
            int index,
            @NonNull String name,
            long start,
            long millis,
            @NonNull ErrorType type,
            @NonNull String message,
            @NonNull Map<String, Object> details) {
        BranchError error = new BranchError(type, message);
        return new Outcome(index, name, Status.FAILED, error, 1, START + start, millis, details);
    }

    /** A branch that never started. */
    public static Outcome cancelled(int index, String name, String why) {
        BranchError error = new BranchError(ErrorType.CANCELLED, why);
        return new Outcome(index, name, Status.CANCELLED, error, 0, START, 0, Map.of());
    }

    /** A command's details. */
    @NonNull
    public static Map<String, Object> command(int worker, int exitCode, @NonNull String stderr) {
        return Map.of(Detail.WORKER, worker, Detail.EXIT_CODE, exitCode, Detail.STDOUT, "", Detail.STDERR, stderr);
    }

    @NonNull
    public PlantedRun add(@NonNull Outcome outcome) throws IOException {
        journal.append(new JournalEntry.Ended(outcome));
        return this;
    }

    /** Ends one process that works on the run and begins another. */
    @NonNull
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

    @NonNull
    public RunFiles files() {
        return files;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
