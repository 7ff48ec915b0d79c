package io.jenkins.plugins.concurrency.view.data;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds lanes for branches whose journal names no worker: as few as were under way at once, none with two at a time.
 * Branches come in the order in which they ended, so a lane, once given, stays. Not thread-safe.
 */
final class Lanes {

    /** The free lanes by when they became free; the one that was free for the shortest time is taken. */
    private final TreeMap<Long, BitSet> freeSince = new TreeMap<>();

    private int count;

    /** The lane of a branch, from 1; times in milliseconds. */
    int take(long start, long end) {
        Map.Entry<Long, BitSet> latest = freeSince.floorEntry(start);
        int lane;
        if (latest == null) {
            lane = ++count;
        } else {
            lane = latest.getValue().nextSetBit(0);
            latest.getValue().clear(lane);
            if (latest.getValue().isEmpty()) {
                freeSince.remove(latest.getKey());
            }
        }
        freeSince.computeIfAbsent(end, key -> new BitSet()).set(lane);
        return lane;
    }
}
