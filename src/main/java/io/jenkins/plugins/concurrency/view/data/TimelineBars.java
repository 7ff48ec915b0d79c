package io.jenkins.plugins.concurrency.view.data;

/** The bars of a timeline: attempts, and the spans of retried branches. Not thread-safe. */
final class TimelineBars {

    /**
     * The kind of an attempt that was repeated. The last attempt of a branch has the ordinal of its
     * {@code OutcomeStatus} as its kind. This is the ordinal of skipped branches, which have no attempt.
     */
    static final int RETRIED = 3;

    /** The kind of a bar from the first attempt of a branch to its end, if all attempts are in one lane. */
    static final int SPAN = 4;

    private final IntColumn rows = new IntColumn();
    private final IntColumn lanes = new IntColumn();
    private final LongColumn starts = new LongColumn();
    private final IntColumn durations = new IntColumn();
    private final IntColumn kinds = new IntColumn();

    void add(int row, int lane, long start, int millis, int kind) {
        rows.add(row);
        lanes.add(lane);
        starts.add(start);
        durations.add(millis);
        kinds.add(kind);
    }

    int size() {
        return rows.size();
    }

    int row(int bar) {
        return rows.get(bar);
    }

    /** From 1. */
    int lane(int bar) {
        return lanes.get(bar);
    }

    /** Milliseconds since the epoch. */
    long start(int bar) {
        return starts.get(bar);
    }

    int millis(int bar) {
        return durations.get(bar);
    }

    int kind(int bar) {
        return kinds.get(bar);
    }
}
