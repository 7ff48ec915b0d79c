package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What one process writes into the journal of a run: its start, how branches ended, how it stopped. Thread-safe. */
public final class RunJournal implements OutcomeSink, Closeable {

    /** More bytes than any last line has. */
    private static final int RESERVED_BYTES = 8 * 1024;

    private static final Logger LOGGER = Logger.getLogger(RunJournal.class.getName());

    private final JournalWriter journal;
    private final Path reserve;
    private final String runId;
    private final long maxBytes;
    private final OutcomeSink observer;

    private final AtomicInteger ended = new AtomicInteger();

    /** Whether the process is about to end. A failure from now on says nothing about its branch. */
    private volatile boolean suspended;

    /**
     * @param observer receives each outcome after it has been written
     * @throws IOException if the journal can't be opened
     */
    public RunJournal(RunFiles files, RunSpec spec, OutcomeSink observer) throws IOException {
        this.journal = new JournalWriter(files.journal());
        this.reserve = files.reserve();
        this.runId = spec.id();
        this.maxBytes = spec.limits().journalBytes();
        this.observer = observer;
    }

    /**
     * Writes the first line, and keeps space on the disk for the last line: so that line can be written even if the
     * disk is full.
     *
     * @param processors how many the work has; 0 if that is not known
     */
    public void begin(int processors) throws IOException {
        Files.write(reserve, new byte[RESERVED_BYTES]);
        append(new JournalEntry.Started(runId, ProcessHandle.current().pid(), processors));
    }

    /** From now on only work that was done is written. */
    void suspend() {
        suspended = true;
    }

    boolean isSuspended() {
        return suspended;
    }

    @Override
    public void ended(Outcome outcome) throws IOException {
        if (suspended && outcome.status() != OutcomeStatus.SUCCEEDED) {
            return; // the next process begins it again
        }
        if (maxBytes > 0 && journal.size() >= maxBytes) {
            throw new JournalWriter.JournalFullException(maxBytes);
        }
        append(new JournalEntry.Ended(outcome));
        this.ended.incrementAndGet();
        observer.ended(outcome);
    }

    /** How many branches have ended in this process. */
    int ended() {
        return ended.get();
    }

    /** Writes how many branches have been fetched. For a run that processes them afterwards. */
    void fetched(int count) throws IOException {
        append(new JournalEntry.Fetched(count));
    }

    /** Writes limits of origins. Without them the page lacks a line, so the run goes on if they can't be written. */
    void limits(Map<String, Integer> limits, SecretMask mask) {
        Map<String, Integer> masked = new LinkedHashMap<>();
        limits.forEach((origin, limit) -> masked.put(mask.text(origin), limit));
        limits(new JournalEntry.Limits(masked, System.currentTimeMillis(), null));
    }

    /** Writes limits of origins that a node has reported. */
    public void limits(JournalEntry.Limits limits) {
        try {
            append(limits);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't write limits of " + runId);
        }
    }

    /**
     * Writes the last line of this process. Unless the run is suspended, it is also the last line of the run.
     *
     * @param total how many branches the run has
     * @param failure why the run as a whole could not be carried out, or {@code null}
     * @return the run's last line, or {@code null} if another process is to continue it
     */
    @CheckForNull
    public JournalEntry.Finished end(int total, @CheckForNull String failure) throws IOException {
        return end(total, failure, 0);
    }

    @CheckForNull
    JournalEntry.Finished end(int total, @CheckForNull String failure, long heapBytes) throws IOException {
        Files.deleteIfExists(reserve);
        if (suspended) {
            append(new JournalEntry.Suspended(runId, ProcessHandle.current().pid()));
            return null;
        }
        JournalEntry.Finished last = new JournalEntry.Finished(total, failure, heapBytes);
        append(last);
        return last;
    }

    private void append(JournalEntry entry) throws IOException {
        try {
            journal.append(entry);
        } catch (IOException e) {
            throw new IOException("can't write the journal: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
