package io.jenkins.plugins.concurrency.engine.journal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where each branch's outcome is in a journal, and how the branch ended. It needs eight bytes for each branch, so a run
 * of a million branches is never completely in memory. Only the first outcome of a branch counts. Not thread-safe.
 */
public final class JournalIndex {

    private static final Logger LOGGER = Logger.getLogger(JournalIndex.class.getName());

    /** The fields that the index reads. */
    private static final Set<String> FIELDS = Set.of(
            "started", "suspended", "pid", "processors", "fetched", "limits", "at", "finished", "failure", "heap",
            "index", "name", "status", "error", "type", "message", "attempts", "start", "millis");

    /** In bytes. The results of a run keep this much of its journal in memory. */
    private static final int WINDOW = 64 * 1024;

    private static final OutcomeStatus[] STATUSES = OutcomeStatus.values();

    private final Path journal;
    private final JournalWindow window;

    /** The line's offset; the lowest digits say how the branch ended. */
    private final BranchPlaces places = new BranchPlaces();

    private long readUpTo;
    private final Map<OutcomeStatus, Integer> counts = new EnumMap<>(OutcomeStatus.class);
    private JournalEntry.Finished finished;
    private boolean begun;
    private int processors;
    private long firstStartMillis = Long.MAX_VALUE;
    private long lastEndMillis = Long.MIN_VALUE;

    private JournalIndex(Path journal) {
        this.journal = journal;
        this.window = new JournalWindow(journal, WINDOW);
    }

    /** For a journal that has not been read. */
    static JournalIndex empty(Path journal) {
        return new JournalIndex(journal);
    }

    /**
     * Reads a journal.
     *
     * @return the index; empty if there is no such file
     * @throws IOException if the file can't be read or is no journal
     */
    public static JournalIndex read(Path journal) throws IOException {
        JournalIndex index = new JournalIndex(journal);
        index.refresh();
        return index;
    }

    /** Reads a journal up to its first damaged line. */
    public static JournalIndex readable(Path journal) {
        JournalIndex index = new JournalIndex(journal);
        try {
            index.refresh();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "can't read all of " + journal);
        }
        return index;
    }

    /**
     * Reads what has been appended since the last time.
     *
     * @throws IOException if the file can't be read or is no journal
     */
    public void refresh() throws IOException {
        try {
            JournalLines.visit(journal, readUpTo, FIELDS, this::take);
        } catch (NoSuchFileException e) {
            // nothing has ended yet
        }
    }

    /** Whether a process has begun the run. */
    public boolean isBegun() {
        return begun;
    }

    /** How many processors the run could use, says its last process; 0 if that is not known. */
    public int processors() {
        return processors;
    }

    /**
     * The branch whose failure was the one of this number, from 1; {@code null} if fewer have failed, or for 0.
     *
     * @throws IOException if the journal can't be read
     */
    @CheckForNull
    public Outcome failed(int number) throws IOException {
        if (number < 1 || number > count(OutcomeStatus.FAILED)) {
            return null;
        }
        AtomicInteger failed = new AtomicInteger();
        AtomicReference<Outcome> found = new AtomicReference<>();
        forEachWithoutDetails(outcome -> {
            if (outcome.status() == OutcomeStatus.FAILED && failed.incrementAndGet() == number) {
                found.set(outcome);
            }
        });
        return found.get();
    }

    /** How many branches have ended in this way. */
    public int count(OutcomeStatus status) {
        return counts.getOrDefault(status, 0);
    }

    /** How many branches have ended. */
    public int ended() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * The run's number of branches. Before the end, and if the run failed as a whole, it is at least one more than the
     * highest index that has ended.
     */
    public int total() {
        return finished == null ? places.known() : Math.max(places.known(), finished.total());
    }

    /** The last line of the run; {@code null} if there is none yet. */
    @CheckForNull
    public JournalEntry.Finished finished() {
        return finished;
    }

    /** From the start of the first branch to the end of the last, in milliseconds; 0 without branches. */
    public long durationMillis() {
        return firstStartMillis > lastEndMillis ? 0 : lastEndMillis - firstStartMillis;
    }

    /** Whether the branch has ended. */
    public boolean hasEnded(int index) {
        return places.has(index);
    }

    /** How a branch ended, or {@code null} if it has not. Reads nothing. */
    @CheckForNull
    public OutcomeStatus status(int index) {
        return hasEnded(index) ? STATUSES[(int) (places.get(index) % STATUSES.length)] : null;
    }

    /**
     * Reads a branch's outcome. Fast if branches are read about in the order in which they ended.
     *
     * @return the outcome, or {@code null} if the branch has not ended
     * @throws IOException if the journal can't be read
     */
    @CheckForNull
    public Outcome outcome(int index) throws IOException {
        if (!hasEnded(index)) {
            return null;
        }
        return ((JournalEntry.Ended) window.read(places.get(index) / STATUSES.length)).outcome();
    }

    /**
     * Visits all outcomes in the order in which they ended, in one pass over the file.
     *
     * @throws IOException if the journal can't be read
     */
    public void forEach(JournalLines.OutcomeVisitor visitor) throws IOException {
        forEach(null, visitor);
    }

    /** As {@link #forEach}, but without details. Several times as fast. */
    public void forEachWithoutDetails(JournalLines.OutcomeVisitor visitor) throws IOException {
        forEach(FIELDS, visitor);
    }

    private void forEach(@CheckForNull Set<String> wanted, JournalLines.OutcomeVisitor visitor) throws IOException {
        if (!Files.exists(journal)) {
            return;
        }
        JournalLines.visit(journal, 0, wanted, (entry, offset, length) -> {
            if (entry instanceof JournalEntry.Ended ended && isFirst(ended.outcome().index(), offset)) {
                visitor.visit(ended.outcome());
            }
        });
    }

    private boolean isFirst(int index, long offset) {
        return hasEnded(index) && places.get(index) / STATUSES.length == offset;
    }

    /** Adds the next line. */
    void take(JournalEntry entry, long offset, int length) {
        readUpTo = offset + length;
        if (entry instanceof JournalEntry.Started started) {
            processors = started.processors();
            begun = true;
        } else if (entry instanceof JournalEntry.Finished end) {
            finished = end;
        } else if (entry instanceof JournalEntry.Ended ended && !hasEnded(ended.outcome().index())) {
            Outcome outcome = ended.outcome();
            places.put(outcome.index(), offset * STATUSES.length + outcome.status().ordinal());
            counts.merge(outcome.status(), 1, Integer::sum);
            firstStartMillis = Math.min(firstStartMillis, outcome.startMillis());
            lastEndMillis = Math.max(lastEndMillis, outcome.startMillis() + outcome.durationMillis());
        }
    }
}
