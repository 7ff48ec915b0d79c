package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** The counts and times of a run for the summary of a page. Not thread-safe. */
public final class RunTally {

    /** The branches that have ended, also those that are only counted. */
    private final BitSet ended = new BitSet();

    private final int[] counts = new int[OutcomeStatus.values().length];
    private final Map<String, Integer> errors = new TreeMap<>();
    private int retried;
    private long firstStart = Long.MAX_VALUE;
    private long lastEnd = Long.MIN_VALUE;

    /** {@code null} until the run has begun. */
    private RunDescription description;

    /** Which failure was one too many, if there was one. */
    private String stopped;

    private JournalEntry.Finished finished;

    /** Why the rest of the journal can't be read; {@code null} if it can. */
    private String unreadable;

    void begin(RunDescription summary) {
        description = summary;
    }

    boolean hasBegun() {
        return description != null;
    }

    RunDescription description() {
        return description;
    }

    void finish(JournalEntry.Finished last) {
        finished = last.failure() == null
                ? last
                : new JournalEntry.Finished(last.total(), BranchDetail.cut(last.failure()));
    }

    void unreadable(String why) {
        unreadable = why;
    }

    /** Whether there is nothing more to read: the run has ended, or its journal is damaged. */
    boolean isOver() {
        return finished != null || unreadable != null;
    }

    /** How many branches have ended. */
    int ended() {
        return ended.cardinality();
    }

    /** Counts a branch. Returns false if it was counted before. */
    boolean add(Outcome outcome) {
        if (ended.get(outcome.index())) {
            return false;
        }
        ended.set(outcome.index());
        counts[outcome.status().ordinal()]++;
        if (outcome.error() != null) {
            errors.merge(outcome.error().type().text(), 1, Integer::sum);
            if (stopped == null && outcome.error().message().startsWith(FailFast.PREFIX)) {
                stopped = BranchDetail.cut(outcome.error().message());
            }
        }
        if (outcome.attempts() > 1) {
            retried++;
        }
        if (outcome.attempts() > 0) {
            firstStart = Math.min(firstStart, outcome.startMillis());
            lastEnd = Math.max(lastEnd, outcome.startMillis() + outcome.durationMillis());
        }
        return true;
    }

    /**
     * The run as a whole.
     *
     * @param building whether its build is still running
     * @param durations of the branches that are shown, in ascending order
     */
    Overview overview(String id, boolean building, int[] durations, TimelineBarBuilder barMaker) {
        long duration = duration();
        int count = ended.cardinality();
        int slots = slots(barMaker);
        double capacity = (double) slots * duration;
        return new Overview(
                id,
                description.step(),
                description.name(),
                state(building),
                unreadable != null || finished == null ? unreadable : finished.failure(),
                total(),
                counts[OutcomeStatus.SUCCEEDED.ordinal()],
                counts[OutcomeStatus.FAILED.ordinal()],
                counts[OutcomeStatus.CANCELLED.ordinal()],
                counts[OutcomeStatus.SKIPPED.ordinal()],
                stopped,
                retried,
                base(),
                duration,
                count == 0 ? 0 : count * 1000.0 / Math.max(1, duration),
                slots,
                capacity == 0 ? 0 : Math.min(1, barMaker.busyMillis() / capacity),
                barMaker.knowsWorkers() ? "worker" : description.step().equals("parallelFetch") ? "connection" : "slot",
                percentile(durations, 0.5),
                percentile(durations, 0.95),
                percentile(durations, 1),
                Map.copyOf(errors));
    }

    private static int percentile(int[] ordered, double part) {
        return ordered.length == 0 ? 0 : ordered[(int) Math.max(0, Math.ceil(part * ordered.length) - 1)];
    }

    private String state(boolean building) {
        if (unreadable != null) {
            return "interrupted";
        }
        if (finished != null) {
            return finished.failure() == null ? "finished" : "failed";
        }
        return building ? Overview.RUNNING : "interrupted";
    }

    private int total() {
        return finished == null
                ? Math.max(description.total(), description.total() < 0 ? -1 : ended.length())
                : Math.max(finished.total(), finished.failure() == null ? 0 : ended.length());
    }

    private int slots(TimelineBarBuilder barMaker) {
        int total = total() < 0 ? ended.length() : total();
        int given = description.slots() == 0 ? barMaker.lanes() : Math.min(description.slots(), total);
        return Math.max(given, barMaker.knowsWorkers() ? barMaker.lanes() : 0);
    }

    /** When the first attempt started, milliseconds since the epoch. */
    long base() {
        return firstStart == Long.MAX_VALUE ? description.startMillis() : firstStart;
    }

    /** From there to the end of the last branch, in milliseconds. */
    long duration() {
        return firstStart > lastEnd ? 0 : lastEnd - firstStart;
    }

    /**
     * What a page says about a whole step, with the names that its scripts know. Times in milliseconds.
     *
     * @param id the run
     * @param step the step's function name
     * @param name the step's label
     * @param state {@code running}, {@code finished}, {@code failed} (as a whole) or {@code interrupted} (nobody works on
     *     it, and its end is unknown)
     * @param failure why the run could not be carried out; {@code null} if it was
     * @param total how many branches there are; negative if that is not known yet
     * @param stopped which failure was one too many, so that the others were cancelled; {@code null} if none was
     * @param retried how many had more than one attempt
     * @param start when the first branch started, since the epoch; before any has ended, when the step started
     * @param millis from there to the end of the last branch
     * @param perSecond how many ended a second
     * @param slots how many could run at once
     * @param busy the part of the time in which the slots worked, from 0 to 1
     * @param lanes what lanes are called: {@code worker}, {@code connection} or {@code slot}
     * @param median the median of the branches' durations
     * @param slow 95 % of the branches took at most this long
     * @param slowest the longest duration
     * @param errors how many branches have each error type, by its text
     */
    public record Overview(
            String id,
            String step,
            String name,
            String state,
            @CheckForNull String failure,
            int total,
            int succeeded,
            int failed,
            int cancelled,
            int skipped,
            @CheckForNull String stopped,
            int retried,
            long start,
            long millis,
            double perSecond,
            int slots,
            double busy,
            String lanes,
            int median,
            int slow,
            int slowest,
            Map<String, Integer> errors) {

        public static final String RUNNING = "running";

        /** How many branches have ended. */
        public int ended() {
            return succeeded + failed + cancelled + skipped;
        }
    }
}
