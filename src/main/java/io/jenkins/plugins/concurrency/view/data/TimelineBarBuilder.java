package io.jenkins.plugins.concurrency.view.data;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the bars of branches in the order in which they ended, and measures how busy the lanes were. If outcomes name
 * workers, each attempt is on the lane of its worker. Otherwise all attempts of a branch are on one lane that was free.
 * Not thread-safe.
 */
final class TimelineBarBuilder {

    /** The highest number of a worker that is used as a lane. The journal is not trusted. */
    private static final int MAX_LANE = 100_000;

    /** The kind of a successful attempt with more work after it: a fetch before its processing. */
    private static final int DONE = OutcomeStatus.SUCCEEDED.ordinal();

    private final TimelineBars bars;
    private final LaneAllocator lanes = new LaneAllocator();
    private final WorkerLanes workerLanes = new WorkerLanes();
    private final LongColumn busy = new LongColumn();
    private int laneCount;
    private long busyMillis;
    private boolean workers;

    TimelineBarBuilder(TimelineBars bars) {
        this.bars = bars;
    }

    /**
     * Makes the bars of a branch.
     *
     * @return the branch's lane, from 1; 0 if it never started
     */
    int add(int row, Outcome outcome) {
        if (outcome.attempts() == 0) {
            return 0;
        }
        List<?> tries = outcome.details().get(OutcomeDetail.TRIES) instanceof List<?> list ? list : List.of();
        int worker = worker(outcome, tries);
        workers |= worker > 0;
        int lane = worker > 0 ? workerLane(outcome, worker) : freeLane(outcome);
        if (tries.isEmpty()) {
            add(row, lane, outcome.startMillis(), outcome.durationMillis(), outcome.status().ordinal());
            return lane;
        }
        if (worker == 0) {
            bars.add(row, lane, outcome.startMillis(), BranchRows.clamp(outcome.durationMillis()), TimelineBars.SPAN);
        }
        for (int i = 0; i < tries.size(); i++) {
            if (tries.get(i) instanceof Map<?, ?> attempt) {
                addTry(row, lane, outcome, attempt, i == tries.size() - 1);
            }
        }
        return lane;
    }

    /** A branch that was cancelled between two attempts has the worker of its last attempt. */
    private static int worker(Outcome outcome, List<?> tries) {
        int worker = number(outcome.details().get(OutcomeDetail.WORKER));
        if (worker == 0 && !tries.isEmpty() && tries.get(tries.size() - 1) instanceof Map<?, ?> last) {
            return number(last.get(OutcomeDetail.WORKER));
        }
        return worker;
    }

    private int workerLane(Outcome outcome, int worker) {
        return workerLanes.of(outcome.details().get(OutcomeDetail.NODE) instanceof String node ? node : null, worker);
    }

    private int freeLane(Outcome outcome) {
        return lanes.take(outcome.startMillis(), outcome.startMillis() + outcome.durationMillis());
    }

    private void addTry(int row, int lane, Outcome outcome, Map<?, ?> attempt, boolean last) {
        int worker = number(attempt.get(OutcomeDetail.WORKER));
        boolean isFailure = attempt.get(OutcomeDetail.TRY_ERROR) != null;
        boolean betweenTries = outcome.status() == OutcomeStatus.CANCELLED
                && !ErrorType.CANCELLED.text().equals(attempt.get(OutcomeDetail.TRY_ERROR));
        add(
                row,
                worker > 0 ? workerLane(outcome, worker) : lane,
                outcome.startMillis() + number(attempt.get(OutcomeDetail.TRY_START)),
                number(attempt.get(OutcomeDetail.TRY_MILLIS)),
                last && !betweenTries ? outcome.status().ordinal() : isFailure ? TimelineBars.RETRIED : DONE);
    }

    private void add(int row, int lane, long start, long millis, int kind) {
        int number = Math.min(lane, MAX_LANE);
        bars.add(row, number, start, BranchRows.clamp(millis), kind);
        laneCount = Math.max(laneCount, number);
        busy.increase(number, millis);
        busyMillis += millis;
    }

    private static int number(Object value) {
        return value instanceof Number number ? BranchRows.clamp(number.longValue()) : 0;
    }

    /** How many lanes there are. */
    int lanes() {
        return laneCount;
    }

    /** The names of lanes, from the first one on, if workers are on several nodes; otherwise none. */
    List<String> laneNames() {
        return List.copyOf(workerLanes.names());
    }

    /** Whether lanes are workers. */
    boolean knowsWorkers() {
        return workers;
    }

    /** How long all lanes together worked. */
    long busyMillis() {
        return busyMillis;
    }

    /** How long a lane worked, from 1. */
    long busyMillis(int lane) {
        return lane < busy.size() ? busy.get(lane) : 0;
    }

    /**
     * The lanes of workers. With one node a worker's number is its lane. With several nodes lanes are in the order in
     * which workers appear. Not thread-safe.
     */
    private static final class WorkerLanes {

        /** A limit, because the journal is not trusted. */
        private static final int MAX_NAMED = 10_000;

        private static final int MAX_NAME = 100;

        private final Map<String, Integer> lanes = new HashMap<>();
        private final List<String> names = new ArrayList<>();

        /**
         * The lane of a worker, from 1.
         *
         * @param node the name of its node; {@code null} if there is only one
         */
        int of(@CheckForNull String node, int worker) {
            if (node == null) {
                return worker;
            }
            String name = (node.length() > MAX_NAME ? node.substring(0, MAX_NAME) + "…" : node) + "/" + worker;
            Integer known = lanes.get(name);
            if (known != null || names.size() == MAX_NAMED) {
                return known == null ? MAX_NAMED : known;
            }
            names.add(name);
            lanes.put(name, names.size());
            return names.size();
        }

        /** The names of lanes that have names. */
        List<String> names() {
            return names;
        }
    }
}
