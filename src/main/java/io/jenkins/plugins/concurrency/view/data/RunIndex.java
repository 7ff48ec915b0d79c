package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalLines;
import io.jenkins.plugins.concurrency.engine.journal.JournalWindow;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a page needs of a run's journal, in about 150 bytes a branch; the rest is read when it is needed. Each
 * {@link #refresh()} reads what was appended. Thread-safe.
 */
public final class RunIndex {

    /** The fields that are read of each line. */
    private static final Set<String> FIELDS = Set.of(
            "started", "suspended", "pid", "fetched", "limits", "finished", "failure",
            "index", "name", "status", "error", "type", "message", "attempts", "start", "millis", "details",
            OutcomeDetail.STATUS, OutcomeDetail.EXIT_CODE, OutcomeDetail.WORKER, OutcomeDetail.NODE, OutcomeDetail.TRIES, OutcomeDetail.TRY_START);

    /** How many answers about one version are kept. */
    private static final int MAX_ANSWERS = 12;

    private final RunFiles files;

    /** How many more branches all runs of the build may keep in memory. */
    private final AtomicInteger room;

    // Guarded by this.

    private final RunTally tally = new RunTally();
    private long readUpTo;

    /** The length of the journal when it was read. After {@link #readUpTo} there may be an incomplete line. */
    private long lengthSeen;

    private final BranchRows rows = new BranchRows();
    private BranchDependencies dependencies = new BranchDependencies(List.of(), rows);
    private final LimitLines limits = new LimitLines();
    private final TimelineBars bars = new TimelineBars();
    private final TimelineBarBuilder barMaker = new TimelineBarBuilder(bars);
    /** The answers since the journal last grew. */
    private final Map<Object, Object> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return super.size() > MAX_ANSWERS;
        }
    };

    /** An index without a limit for its branches. */
    public RunIndex(RunFiles files) {
        this(files, new AtomicInteger(Integer.MAX_VALUE));
    }

    /**
     * @param room how many branches may be kept in memory; this index takes its part of it. Further branches are only
     *     counted
     */
    RunIndex(RunFiles files, AtomicInteger room) {
        this.files = files;
        this.room = room;
    }

    public String id() {
        return String.valueOf(files.directory().getFileName());
    }

    /**
     * Reads what has been written since the last time. If the journal is damaged, it is not read again: the summary
     * says so, and shows what was read before.
     *
     * @throws IOException if the run directory can't be read at all
     */
    public synchronized void refresh() throws IOException {
        if (isOver()) {
            return;
        }
        if (!tally.hasBegun()) {
            tally.begin(readDescription());
        }
        long before = readUpTo;
        try {
            long length = Files.size(files.journal());
            if (length > before && length != lengthSeen) {
                lengthSeen = length;
                readUpTo = JournalLines.visit(files.journal(), before, FIELDS, this::add);
            }
        } catch (NoSuchFileException e) {
            // nothing has ended yet
        } catch (IOException e) {
            tally.unreadable("the rest of the journal can't be read: " + e.getMessage());
            readUpTo++; // a version of its own
        }
        if (readUpTo > before) {
            answers.clear();
        }
    }

    /** If the file is missing or damaged, returns what is known without it: the page must still show the build. */
    private RunDescription readDescription() throws IOException {
        try {
            RunDescription description = files.readDescription();
            dependencies = new BranchDependencies(description.needs(), rows);
            return description;
        } catch (IOException | IllegalArgumentException e) {
            return new RunDescription("run", "run " + id(), -1, 0, Files.getLastModifiedTime(files.directory()).toMillis(), List.of());
        }
    }

    private synchronized void add(JournalEntry entry, long offset, int length) {
        if (entry instanceof JournalEntry.Finished last) {
            tally.finish(last);
        } else if (entry instanceof JournalEntry.Limits news) {
            limits.add(news);
        } else if (entry instanceof JournalEntry.Ended end && tally.add(end.outcome()) && room.get() > 0) {
            room.decrementAndGet();
            int lane = barMaker.add(rows.size(), end.outcome());
            rows.add(end.outcome(), offset, lane);
            dependencies.ended(end.outcome().index());
        }
    }

    /** Grows whenever something new is read. */
    public synchronized long version() {
        return readUpTo;
    }

    /** Whether there is nothing more to read: the run has ended, or its journal is damaged. */
    synchronized boolean isOver() {
        return tally.isOver();
    }

    /** How many branches can be shown: those that have ended and are kept in memory. */
    public synchronized int size() {
        return rows.size();
    }

    /** When the step was started, milliseconds since the epoch. */
    public synchronized long startedMillis() {
        return tally.description().startMillis();
    }

    /**
     * The run as a whole.
     *
     * @param building whether its build is still running
     */
    public synchronized RunTally.Overview summary(boolean building) {
        return (RunTally.Overview) answers.computeIfAbsent(building, key -> tally.overview(id(), building, rows.durationsInOrder(), barMaker));
    }

    /** The JSON form of a part of the timeline. */
    public synchronized Map<String, Object> timeline(TimelineExcerpt.Query query) {
        Map<String, Object> json = new TimelineExcerpt(query.within(barMaker.lanes()), rows, tally.base(), tally.duration()).of(bars);
        json.put("duration", tally.duration());
        json.put("lanes", barMaker.lanes());
        List<Object> busy = new ArrayList<>();
        int end = Math.min(barMaker.lanes(), query.firstLane() + query.lanes());
        for (int lane = query.firstLane(); lane < end; lane++) {
            busy.add(Math.round(100.0 * barMaker.busyMillis(lane + 1) / Math.max(1, tally.duration())));
        }
        json.put("busy", busy);
        List<String> names = laneNames();
        if (!names.isEmpty()) {
            json.put("names", names.subList(Math.min(query.firstLane(), names.size()), Math.min(end, names.size())));
        }
        json.put("links", links());
        json.put("limits", limits());
        return json;
    }

    /** The limits of origins over time: see {@link LimitLines#toJson}. */
    public synchronized List<Object> limits() {
        return limits.toJson(tally.base());
    }

    /** Which bar waited for which: see {@link BranchDependencies#links}. */
    public synchronized List<List<Object>> links() {
        return dependencies.links(tally.base());
    }

    /** What a page says of the branches that a branch needs, and of those that need it; nothing where none needs another. */
    public synchronized Map<String, Object> relatives(int index) {
        return dependencies.of(index, tally.base());
    }

    /**
     * The JSON form of a page of the table.
     *
     * @param start the first row that is shown, from 0
     */
    public synchronized Map<String, Object> table(TableQuery query, int start, int length) {
        int[] order = ordered(query);
        List<Object> shown = new ArrayList<>();
        for (int i = Math.max(0, start); i < Math.min((long) start + length, order.length); i++) {
            shown.add(rows.toJson(order[i], tally.base()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("total", tally.ended());
        json.put("matching", order.length);
        json.put("rows", shown);
        return json;
    }

    /**
     * Reads a branch's outcome from the journal.
     *
     * @return {@code null} if the branch has not ended
     */
    @CheckForNull
    public Outcome outcome(int index) throws IOException {
        long offset;
        synchronized (this) {
            int row = index < 0 ? BranchRows.NONE : rows.rowOf(index);
            if (row == BranchRows.NONE) {
                return null;
            }
            offset = rows.offset(row);
        }
        return ((JournalEntry.Ended) new JournalWindow(files.journal()).read(offset)).outcome();
    }

    /** The lane of a branch, from 1; 0 if it has none. */
    public synchronized int lane(int index) {
        int row = rows.rowOf(index);
        return row == BranchRows.NONE ? 0 : rows.lane(row);
    }

    /** The indexes of the branches that have ended, in ascending order. */
    public synchronized int[] indexes() {
        int[] indexes = new int[rows.size()];
        int count = 0;
        for (int index = 0; index < rows.known(); index++) {
            if (rows.rowOf(index) != BranchRows.NONE) {
                indexes[count++] = index;
            }
        }
        return indexes;
    }

    @FunctionalInterface
    public interface OutcomeVisitor {
        void visit(Outcome outcome, int lane) throws IOException;
    }

    /**
     * Visits the outcomes that have been read, in the order in which they ended, in one pass over the file.
     *
     * @throws IOException if the journal can't be read
     */
    public void forEach(OutcomeVisitor visitor) throws IOException {
        long end = version();
        if (end == 0) {
            return;
        }
        JournalLines.visitOutcomes(files.journal(), end, outcome -> visitor.visit(outcome, lane(outcome.index())));
    }

    /** Receives bars, as numbers. */
    @FunctionalInterface
    public interface BarVisitor {

        /**
         * @param lane from 0
         * @param start in milliseconds after the start of the run
         */
        void visit(int index, int lane, long start, int millis, int kind) throws IOException;
    }

    /**
     * Visits the bars of some rows, for a page without a server.
     *
     * @param order an order of rows
     * @param count how many of them, from the first on
     */
    public synchronized void forEachBar(TableQuery order, int count, BarVisitor visitor) throws IOException {
        BitSet shown = new BitSet();
        int[] ordered = ordered(order);
        for (int i = 0; i < Math.min(count, ordered.length); i++) {
            shown.set(ordered[i]);
        }
        for (int bar = 0; bar < bars.size(); bar++) {
            int row = bars.row(bar);
            if (shown.get(row)) {
                visitor.visit(
                        rows.index(row), bars.lane(bar) - 1, bars.start(bar) - tally.base(), bars.millis(bar), bars.kind(bar));
            }
        }
    }

    private int[] ordered(TableQuery query) {
        return (int[]) answers.computeIfAbsent(query, key -> new TableOrder(rows, query).apply());
    }

    /** The names of lanes, from the first one on, if workers are on several nodes; otherwise none. */
    public synchronized List<String> laneNames() {
        return barMaker.laneNames();
    }

    /** How many lanes there are. */
    public synchronized int lanes() {
        return barMaker.lanes();
    }
}
