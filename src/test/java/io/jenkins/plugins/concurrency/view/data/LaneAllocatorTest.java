package io.jenkins.plugins.concurrency.view.data;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.Test;

public class LaneAllocatorTest {

    private record Span(long start, long end) {}

    @Test
    public void branchesAfterEachOtherShareALane() {
        LaneAllocator lanes = new LaneAllocator();
        assertEquals(1, lanes.take(0, 10));
        assertEquals(1, lanes.take(10, 20));
        assertEquals(1, lanes.take(25, 30));
    }

    @Test
    public void branchesAtTheSameTimeDoNot() {
        LaneAllocator lanes = new LaneAllocator();
        assertEquals(1, lanes.take(0, 10));
        assertEquals(2, lanes.take(5, 15));
        assertEquals("the one that was free last", 1, lanes.take(12, 20));
        assertEquals(2, lanes.take(18, 25));
    }

    /** What a reactor with some connections does: as many lanes, and never two branches in one at a time. */
    @Test
    public void thereAreAsManyLanesAsWereUnderWayAtOnce() {
        Random random = new Random(4);
        int slots = 16;
        PriorityQueue<Long> free = new PriorityQueue<>();
        for (int i = 0; i < slots; i++) {
            free.add((long) random.nextInt(5));
        }
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long start = free.poll();
            long end = start + 1 + random.nextInt(random.nextInt(20) == 0 ? 500 : 40);
            free.add(end + random.nextInt(3));
            spans.add(new Span(start, end));
        }
        spans.sort(Comparator.comparingLong(Span::end));
        LaneAllocator lanes = new LaneAllocator();
        long[] busyUntil = new long[slots + 1];
        for (Span span : spans) {
            int lane = lanes.take(span.start(), span.end());
            assertTrue("lane " + lane, lane <= slots);
            assertTrue("two at once in lane " + lane, busyUntil[lane] <= span.start());
            busyUntil[lane] = span.end();
        }
    }
}
