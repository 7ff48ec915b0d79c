package io.jenkins.plugins.concurrency.view.data;

import java.util.TreeSet;

/**
 * Assigns lanes (rows of the timeline) to branches if the journal names no workers. It needs as many lanes as branches
 * ran at once. No lane has two branches at a time. Branches come in the order of their ends, and an assigned lane never
 * changes. Not thread-safe.
 */
final class LaneAllocator {

    /** A lane, and since when it is free. */
    private record FreeLane(long since, int number) implements Comparable<FreeLane> {
        @Override
        public int compareTo(FreeLane other) {
            return since == other.since ? Integer.compare(number, other.number) : Long.compare(since, other.since);
        }
    }

    /** The lane that was free for the shortest time is used first; among equal ones, the one with the lowest number. */
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
