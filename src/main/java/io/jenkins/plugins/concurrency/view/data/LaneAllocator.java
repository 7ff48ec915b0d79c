package io.jenkins.plugins.concurrency.view.data;

import java.util.TreeSet;

/**
 * Finds lanes for branches whose journal names no worker: as few as were under way at once, none with two at a time.
 * Branches come in the order in which they ended, so a lane, once given, stays. Not thread-safe.
 */
final class LaneAllocator {

    /** A lane and since when nothing has been in it. */
    private record FreeLane(long since, int number) implements Comparable<FreeLane> {
        @Override
        public int compareTo(FreeLane other) {
            return since == other.since ? Integer.compare(number, other.number) : Long.compare(since, other.since);
        }
    }

    /** The one that was free for the shortest time is taken, of several the first. */
    private final TreeSet<FreeLane> free = new TreeSet<>();

    private int count;

    /** The lane of a branch, from 1; times in milliseconds. */
    int take(long start, long end) {
        FreeLane latest = free.floor(new FreeLane(start, Integer.MAX_VALUE));
        int lane;
        if (latest == null) {
            lane = ++count;
        } else {
            FreeLane first = free.ceiling(new FreeLane(latest.since(), 0));
            free.remove(first);
            lane = first.number();
        }
        free.add(new FreeLane(end, lane));
        return lane;
    }
}
