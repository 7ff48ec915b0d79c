package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.steps.log.ProgressReporter;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import io.jenkins.plugins.concurrency.steps.log.StepLabel;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;

/**
 * Writes how branches end to the journal, and reports on it. After a restart it reads what the journal has: the program
 * state of a killed controller may be older than the journal, and then a branch ends for a second time.
 */
final class GatherJournal implements Closeable {

    private final RunProgress progress;
    private final int limit;
    private final ProgressReporter reporter;
    private final JournalWriter writer;

    // The branches by index. Guarded by this.
    private final BitSet ended = new BitSet();
    private final BitSet succeeded = new BitSet();
    private String limiting;

    /**
     * @param total how many branches there are
     * @param limit the failure of this number, from 1, is one too many; 0 for none
     * @throws IOException if the journal can't be read or written
     */
    GatherJournal(RunFiles files, String runId, StepLabel label, int total, int limit, TaskListener listener)
            throws IOException {
        this.limit = limit;
        progress = new RunProgress(label, total);
        reporter = new ProgressReporter(progress, listener);
        JournalIndex.read(files.journal()).forEach(outcome -> {
            progress.restore(outcome);
            take(outcome);
        });
        writer = new JournalWriter(files.journal());
        writer.append(new JournalEntry.Started(runId, ProcessHandle.current().pid()));
        if (!label.isQuiet()) {
            reporter.start();
        }
    }

    private synchronized void take(Outcome outcome) {
        ended.set(outcome.index());
        succeeded.set(outcome.index(), outcome.status() == OutcomeStatus.SUCCEEDED);
        if (outcome.status() == OutcomeStatus.FAILED && progress.failed() == limit) {
            limiting = outcome.name();
        }
    }

    /** The branch whose failure was one too many, perhaps before a restart; {@code null} if there is none. */
    @CheckForNull
    synchronized String limiting() {
        return limiting;
    }

    RunProgress progress() {
        return progress;
    }

    /**
     * Writes how a branch ended, unless the branch has ended before.
     *
     * @return how the branch ended for others: its first end counts
     */
    synchronized OutcomeStatus add(Outcome outcome) throws IOException {
        if (!ended.get(outcome.index())) {
            writer.append(new JournalEntry.Ended(outcome));
            progress.add(outcome);
            take(outcome);
            return outcome.status();
        }
        return succeeded.get(outcome.index()) ? OutcomeStatus.SUCCEEDED : OutcomeStatus.FAILED;
    }

    /** Writes that all branches have ended, and closes the journal. */
    void finish(int total) throws IOException {
        try (this) {
            writer.append(new JournalEntry.Finished(total, null));
        }
    }

    @Override
    public void close() throws IOException {
        reporter.stop();
        writer.close();
    }
}
