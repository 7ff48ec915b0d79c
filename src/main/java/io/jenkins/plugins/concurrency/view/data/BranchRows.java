package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.journal.BranchPlaces;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The table's rows of the branches that have ended, in the order in which they ended. Not thread-safe. */
final class BranchRows {

    static final int NONE = Integer.MIN_VALUE;

    private static final ErrorType[] TYPES = ErrorType.values();
    private static final OutcomeStatus[] STATUSES = OutcomeStatus.values();
    private static final int MAX_NAME = 300;
    private static final int MAX_MESSAGE = 200;

    private final IntColumn indexes = new IntColumn();
    private final LongColumn offsets = new LongColumn();
    private final LongColumn starts = new LongColumn();
    private final IntColumn durations = new IntColumn();
    private final IntColumn attempts = new IntColumn();
    private final IntColumn outcomes = new IntColumn();
    private final IntColumn lanes = new IntColumn();
    private final IntColumn codes = new IntColumn();
    private final TextColumn names = new TextColumn(MAX_NAME);
    private final TextColumn messages = new TextColumn(MAX_MESSAGE);

    /** Rows by the branches' indexes. */
    private final BranchPlaces rows = new BranchPlaces();

    void add(Outcome outcome, long offset, int lane) {
        rows.put(outcome.index(), indexes.size());
        indexes.add(outcome.index());
        offsets.add(offset);
        starts.add(outcome.startMillis());
        durations.add(clamp(outcome.durationMillis()));
        attempts.add(outcome.attempts());
        int error = outcome.error() == null ? 0 : outcome.error().type().ordinal() + 1;
        outcomes.add(outcome.status().ordinal() + error * STATUSES.length);
        lanes.add(lane);
        codes.add(code(outcome));
        names.add(outcome.name());
        messages.add(outcome.error() == null ? "" : outcome.error().message());
    }

    static int clamp(long millis) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, millis));
    }

    private static int code(Outcome outcome) {
        Object code = outcome.details().get(OutcomeDetail.EXIT_CODE);
        Object value = code == null ? outcome.details().get(OutcomeDetail.STATUS) : code;
        return value instanceof Number number ? number.intValue() : NONE;
    }

    int size() {
        return indexes.size();
    }

    /** The row of a branch; {@link #NONE} if it has not ended. */
    int rowOf(int index) {
        long row = rows.get(index);
        return row == BranchPlaces.NONE ? NONE : (int) row;
    }

    /** One more than the highest index that has ended. */
    int known() {
        return rows.known();
    }

    int index(int row) {
        return indexes.get(row);
    }

    /** Where the branch is in the journal, in bytes. */
    long offset(int row) {
        return offsets.get(row);
    }

    long start(int row) {
        return starts.get(row);
    }

    int millis(int row) {
        return durations.get(row);
    }

    long end(int row) {
        return start(row) + millis(row);
    }

    int attempts(int row) {
        return attempts.get(row);
    }

    /** The number of its worker, or of the lane that it got; 0 if it never started. */
    int lane(int row) {
        return lanes.get(row);
    }

    /** The exit code or HTTP status; {@link #NONE} if it has neither. */
    int code(int row) {
        return codes.get(row);
    }

    String name(int row) {
        return names.get(row);
    }

    String message(int row) {
        return messages.get(row);
    }

    OutcomeStatus status(int row) {
        return STATUSES[outcomes.get(row) % STATUSES.length];
    }

    @CheckForNull
    ErrorType error(int row) {
        int error = outcomes.get(row) / STATUSES.length;
        return error == 0 ? null : TYPES[error - 1];
    }

    /** How long the branches took, in ascending order. */
    int[] durationsInOrder() {
        return durations.sorted();
    }

    /**
     * The JSON form for pages: index, name, outcome, error type, message, attempts, lane, start after the given time,
     * duration, code.
     */
    List<Object> toJson(int row, long since) {
        List<Object> json = new ArrayList<>();
        json.add(index(row));
        json.add(name(row));
        json.add(status(row).text());
        ErrorType error = error(row);
        json.add(error == null ? null : error.text());
        json.add(message(row));
        json.add(attempts(row));
        json.add(lane(row));
        json.add(start(row) - since);
        json.add(millis(row));
        json.add(code(row) == NONE ? null : code(row));
        return json;
    }

    /** A growing column of texts, in one piece of UTF-8. It needs a third of the memory of strings. Not thread-safe. */
    private static final class TextColumn {

        private final int maxLength;
        private byte[] bytes = new byte[4096];
        private final IntColumn ends = new IntColumn();

        /** @param maxLength the length in characters; longer texts are cut and end with … */
        TextColumn(int maxLength) {
            this.maxLength = maxLength;
        }

        void add(String text) {
            String kept = text.length() <= maxLength ? text : text.substring(0, maxLength) + "…";
            byte[] added = kept.getBytes(StandardCharsets.UTF_8);
            int begin = begin(ends.size());
            int end = Math.addExact(begin, added.length);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(end, bytes.length * 3L / 2)));
            }
            System.arraycopy(added, 0, bytes, begin, added.length);
            ends.add(end);
        }

        String get(int row) {
            int begin = begin(row);
            return new String(bytes, begin, ends.get(row) - begin, StandardCharsets.UTF_8);
        }

        private int begin(int row) {
            return row == 0 ? 0 : ends.get(row - 1);
        }
    }
}
