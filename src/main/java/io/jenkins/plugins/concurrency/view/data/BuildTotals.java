package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many branches all steps of a build had, and how they ended. They are stored in a small file beside the runs. So a
 * trend over many builds need not read their journals.
 */
public record BuildTotals(int succeeded, int failed, int cancelled, int skipped) {

    private static final String FILE = "totals.json";

    /** Locked while journals are counted. Only one build is counted at a time. */
    static final ReentrantLock COUNTING = new ReentrantLock();

    /**
     * The totals of a build that has ended. If they are not stored yet, counts and stores them. This takes some time
     * for a large build.
     *
     * @param patienceNanos how long to wait while another build is counted
     * @return {@code null} if that takes longer
     * @throws IOException if they can't be counted or stored
     */
    @CheckForNull
    public static BuildTotals ofEnded(Path buildDirectory, long patienceNanos)
            throws IOException, InterruptedException {
        Path file = buildDirectory.resolve(RunFiles.FOLDER).resolve(FILE);
        try {
            return RecordCodec.read(BuildTotals.class, file);
        } catch (NoSuchFileException e) {
            if (!COUNTING.tryLock(patienceNanos, TimeUnit.NANOSECONDS)) {
                return null;
            }
            try {
                return Files.exists(file) ? RecordCodec.read(BuildTotals.class, file) : count(buildDirectory, file);
            } finally {
                COUNTING.unlock();
            }
        }
    }

    private static BuildTotals count(Path buildDirectory, Path file) throws IOException {
        int[] counts = new int[OutcomeStatus.values().length];
        for (RunFiles run : BuildRuns.runsOf(buildDirectory)) {
            JournalIndex journal = JournalIndex.readable(run.journal());
            for (OutcomeStatus status : OutcomeStatus.values()) {
                counts[status.ordinal()] += journal.count(status);
            }
        }
        BuildTotals totals = new BuildTotals(
                counts[OutcomeStatus.SUCCEEDED.ordinal()],
                counts[OutcomeStatus.FAILED.ordinal()],
                counts[OutcomeStatus.CANCELLED.ordinal()],
                counts[OutcomeStatus.SKIPPED.ordinal()]);
        AtomicFile.write(file, totals);
        return totals;
    }
}
