package io.jenkins.plugins.concurrency.view.data;

import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bars of a part of a timeline: lane, start, duration, kind and branch of each. Bars that are too narrow to be seen
 * are joined with their neighbours. So a page gets some thousand bars at most, however many branches there are. Used
 * once.
 */
public final class TimelineExcerpt {

    /** About how many bars a page may get. */
    private static final int MAX_BARS = 5_000;

    /** In pixels. Narrower bars are joined. */
    private static final int MIN_PIXELS = 3;

    private static final int PIXELS_OF_LOAD = 4;

    /** A joined bar has the first of these kinds that one of its bars has. */
    private static final int[] WORST_FIRST = {
        OutcomeStatus.FAILED.ordinal(), OutcomeStatus.CANCELLED.ordinal(), TimelineBars.RETRIED, OutcomeStatus.SUCCEEDED.ordinal(), TimelineBars.SPAN
    };

    private final Query query;
    private final BranchRows rows;
    private final long base;
    private final long from;
    private final long to;
    private final double cellMillis;
    private final double[] load;
    private final List<Object> bars = new ArrayList<>();
    private final Map<Long, Cell> cells = new HashMap<>();

    /** Bars of a lane that are next to each other. */
    private static final class Cell {
        long start = Long.MAX_VALUE;
        long end;
        int count;
        int index;
        boolean ofFailed;
        final int[] kinds = new int[TimelineBars.SPAN + 1];

        void add(long from, long to, int kind, int branch) {
            start = Math.min(start, from);
            end = Math.max(end, to);
            kinds[kind]++;
            count += kind == TimelineBars.SPAN ? 0 : 1;
            boolean failed = kind == OutcomeStatus.FAILED.ordinal();
            if (!ofFailed) {
                index = branch;
                ofFailed = failed;
            }
        }

        int worst() {
            for (int kind : WORST_FIRST) {
                if (kinds[kind] > 0) {
                    return kind;
                }
            }
            throw new AssertionError("a cell without a bar");
        }
    }

    /**
     * @param base the start of the run, milliseconds since the epoch
     * @param duration of the run, in milliseconds
     */
    TimelineExcerpt(Query query, BranchRows rows, long base, long duration) {
        this.query = query;
        this.rows = rows;
        this.base = base;
        this.from = Math.min(query.from(), duration);
        this.to = Math.max(from + 1, query.to() < 0 ? duration : query.to());
        double pixels = Math.max(MIN_PIXELS, (double) query.lanes() * query.width() / MAX_BARS);
        this.cellMillis = (to - from) * pixels / query.width();
        this.load = new double[query.width() / PIXELS_OF_LOAD];
    }

    /** The JSON form for pages. */
    Map<String, Object> of(TimelineBars all) {
        for (int bar = 0; bar < all.size(); bar++) {
            long start = all.start(bar) - base;
            long end = start + all.millis(bar);
            if (end >= from && start <= to) {
                add(all, bar, start, end);
            }
        }
        cells.forEach((key, cell) -> bars.add(bar((int) (key >> 32), cell)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", from);
        json.put("to", to);
        json.put("firstLane", query.firstLane());
        json.put("bars", bars);
        json.put("load", loads());
        return json;
    }

    private void add(TimelineBars all, int bar, long start, long end) {
        int kind = all.kind(bar);
        if (kind != TimelineBars.SPAN) {
            addLoad(start, end);
        }
        int lane = all.lane(bar) - 1;
        if (lane < query.firstLane() || lane >= query.firstLane() + query.lanes()) {
            return;
        }
        int index = rows.index(all.row(bar));
        if (end - start >= cellMillis) {
            bars.add(List.of(lane, start, end - start, kind, index));
            return;
        }
        long column = (long) (Math.max(0, start - from) / cellMillis);
        cells.computeIfAbsent((long) lane << 32 | column, key -> new Cell()).add(start, end, kind, index);
    }

    /** One bar of many has the number of bars of each kind. */
    private static List<Object> bar(int lane, Cell cell) {
        List<Object> bar = new ArrayList<>(List.of(lane, cell.start, cell.end - cell.start, cell.worst(), cell.index));
        if (cell.count > 1) {
            bar.add(cell.count);
            bar.add(cell.kinds[OutcomeStatus.FAILED.ordinal()]);
            bar.add(cell.kinds[OutcomeStatus.CANCELLED.ordinal()]);
            bar.add(cell.kinds[TimelineBars.RETRIED]);
        }
        return bar;
    }

    /** Distributes the time that a bar takes over the columns of the load. */
    private void addLoad(long start, long end) {
        double column = (double) (to - from) / load.length;
        double left = Math.max(0, (start - from) / column);
        double right = Math.min(load.length, (end - from) / column);
        for (int i = (int) left; i < right; i++) {
            load[i] += Math.min(i + 1, right) - Math.max(i, left);
        }
    }

    private List<Object> loads() {
        List<Object> rounded = new ArrayList<>(load.length);
        for (double value : load) {
            rounded.add(Math.round(value * 100) / 100.0);
        }
        return rounded;
    }

    /**
     * The part of a timeline that a page shows. Times in milliseconds after the start of the run.
     *
     * @param from the left edge
     * @param to the right edge; negative for the end of the run
     * @param firstLane the uppermost lane, from 0
     * @param lanes how many lanes are shown
     * @param width of all lanes, in pixels
     */
    public record Query(long from, long to, int firstLane, int lanes, int width) {

        public Query {
            from = Math.max(0, from);
            firstLane = Math.max(0, firstLane);
            lanes = Math.max(1, Math.min(lanes, 500));
            width = Math.max(100, Math.min(width, 4_000));
        }

        /** The same for a run with this number of lanes. With fewer lanes, each may have more bars. */
        Query within(int lanesOfRun) {
            return new Query(from, to, firstLane, Math.min(lanes, lanesOfRun - firstLane), width);
        }
    }
}
