package io.jenkins.plugins.concurrency.view.data;

/**
 * The part of a timeline that a page shows. Times in milliseconds after the start of the run.
 *
 * @param from the left edge
 * @param to the right edge; negative for the end of the run
 * @param firstLane the uppermost lane, from 0
 * @param lanes how many lanes are shown
 * @param width of all lanes, in pixels
 */
public record TimelineQuery(long from, long to, int firstLane, int lanes, int width) {

    public TimelineQuery {
        from = Math.max(0, from);
        firstLane = Math.max(0, firstLane);
        lanes = Math.max(1, Math.min(lanes, 500));
        width = Math.max(100, Math.min(width, 4_000));
    }

    /** The same for a run with this number of lanes. With fewer lanes, each may have more bars. */
    TimelineQuery within(int lanesOfRun) {
        return new TimelineQuery(from, to, firstLane, Math.min(lanes, lanesOfRun - firstLane), width);
    }
}
