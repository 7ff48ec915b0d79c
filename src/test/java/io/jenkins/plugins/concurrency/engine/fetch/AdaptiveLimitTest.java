package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.Test;

/** What the limit finds with servers of all kinds, in simulated time. */
public class AdaptiveLimitTest {

    private static final int MOST = 500;
    private static final List<Integer> WIDTHS =
            List.of(1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 40, 64, 100, 128, 256, MOST);

    private static final SimulatedOrigin.Server REFUSES = (running, bytes) -> running > 20 ? -1 : 50;
    private static final SimulatedOrigin.Server SLOWS_DOWN = (running, bytes) -> 20 * (1 + running * running / 256.0);
    private static final SimulatedOrigin.Server FAR = (running, bytes) -> 200;

    private static final IntUnaryOperator SAME = number -> 1_000;
    private static final IntUnaryOperator MIXED = number -> number * 7919 % 10 == 0 ? 1_000_000 : 1_000;

    @Test
    public void itIsAsGoodAsTheBestFixedNumber() {
        assertGood("refuses", REFUSES, SAME, 20);
        assertGood("refuses the third", (running, bytes) -> running > 2 ? -1 : 50, SAME, 20);
        assertGood("becomes slow", SLOWS_DOWN, SAME, 500);
        assertGood("falls down a cliff", (running, bytes) -> running <= 40 ? 30 : 30 * running * running / 1_600.0, SAME, 500);
        assertGood("queues", (running, bytes) -> 10 * Math.max(1, running / 10.0), SAME, 500);
        assertGood("does one at a time", (running, bytes) -> 20 * running, SAME, 500);
        assertGood("is far away", FAR, SAME, 500);
    }

    @Test
    public void largeBodiesAmongSmallOnesDoNotMisleadIt() {
        assertGood("is far away", (running, bytes) -> 200 + bytes / 10_000.0, MIXED, 500);
        SimulatedOrigin.Server bandwidth = (running, bytes) -> 20 + bytes * running / 100_000.0;
        assertGood("shares its bandwidth", bandwidth, MIXED, 500, 0.8); // more are always better, by less and less
        assertGood(
                "becomes slow",
                (running, bytes) -> (5 + bytes / 20_000.0) * (1 + running * running / 256.0),
                MIXED,
                500);
    }

    /** @param widest which widths make sense: beyond what a server refuses, only refusals become more */
    private static void assertGood(String server, SimulatedOrigin.Server behaviour, IntUnaryOperator bodies, int widest) {
        assertGood(server, behaviour, bodies, widest, 0.9);
    }

    private static void assertGood(
            String server, SimulatedOrigin.Server behaviour, IntUnaryOperator bodies, int widest, double atLeast) {
        double best = WIDTHS.stream()
                .filter(width -> width <= widest)
                .mapToDouble(width -> SimulatedOrigin.throughput(behaviour, width, bodies))
                .max()
                .orElseThrow();
        SimulatedOrigin origin = new SimulatedOrigin(MOST, behaviour);
        origin.bodySize = bodies;
        origin.run(Duration.ofSeconds(5));
        int refused = origin.refused;
        int served = origin.served;
        origin.run(Duration.ofSeconds(35));
        double ratio = origin.served / 40.0 / best;
        assertTrue("a server that " + server + ": " + ratio + " of the best", ratio >= atLeast);
        assertTrue(server + ": " + origin.refused, origin.refused - refused <= 0.02 * (origin.served - served));
    }

    @Test
    public void itBeginsSmallAndHalvesWithTheFirstRefusal() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, (running, bytes) -> running > 3 ? -1 : 50);
        assertEquals(4, origin.limit.limit());
        origin.run(Duration.ofMillis(10));
        assertEquals(1, origin.refused);
        assertEquals(2, origin.limit.limit());
    }

    @Test
    public void nothingIsSentDuringThePauseThatTheServerAsksFor() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, (running, bytes) -> running > 3 ? -1 : 50);
        origin.asked = Duration.ofSeconds(2);
        origin.run(Duration.ofMillis(1_900));
        assertEquals("those that were under way", 3, origin.served);
        origin.run(Duration.ofMillis(1_900));
        assertTrue("and then it goes on", origin.served > 10);
        assertEquals("without tempting the server again", 1, origin.refused);
    }

    @Test
    public void aFewRequestsSayNothing() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, FAR);
        origin.available = 2;
        origin.run(Duration.ofSeconds(30));
        assertEquals(4, origin.limit.limit());
    }

    @Test
    public void theHighestLimitIsKept() {
        SimulatedOrigin origin = new SimulatedOrigin(3, FAR);
        origin.run(Duration.ofSeconds(30));
        assertEquals(3, origin.limit.limit());
        assertEquals(450, origin.served, 30);
    }

    @Test
    public void refusalsAreNoThroughput() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, (running, bytes) -> -1);
        origin.run(Duration.ofSeconds(10));
        assertEquals(1, origin.limit.limit());
        assertTrue("it waits between them: " + origin.refused, origin.refused < 30);
    }

    @Test
    public void anOriginThatIsDownIsNotTakenForAnOverloadedOne() {
        SimulatedOrigin origin = new SimulatedOrigin(64, (running, bytes) -> -1);
        origin.refusal = AdaptiveLimit.End.UNREACHED;
        origin.run(Duration.ofSeconds(1));
        assertEquals("so that its requests do not fail one after the other", 64, origin.limit.limit());
    }

    @Test
    public void connectionsThatAreRefusedUnderLoadHalveTheLimit() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, REFUSES);
        origin.refusal = AdaptiveLimit.End.UNREACHED;
        origin.run(Duration.ofSeconds(20));
        assertTrue("" + origin.limit.limit(), origin.limit.limit() <= 20);
        assertTrue("" + origin.served, origin.served >= 0.9 * 400 * 20);
    }

    private static SimulatedOrigin all(int requests) {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, FAR);
        origin.requests = requests;
        return origin;
    }

    private static void assertFinished(SimulatedOrigin origin, int failed, Duration within) {
        origin.run(Duration.ofHours(10));
        assertEquals(origin.requests - failed, origin.served);
        assertEquals(failed, origin.failed);
        assertTrue(origin.time().toString(), origin.time().compareTo(within) <= 0);
    }

    @Test
    public void oneRequestThatIsAlwaysRefusedDoesNotSlowDownTheOthers() {
        SimulatedOrigin undisturbed = all(20_000);
        assertFinished(undisturbed, 0, Duration.ofSeconds(20));
        SimulatedOrigin origin = all(20_000);
        origin.refuses = number -> number == 3_000;
        assertFinished(origin, 1, undisturbed.time().multipliedBy(5).dividedBy(4));
        assertTrue("" + origin.refused, origin.refused <= OriginRefusals.MAX_RESENDS + 1);
    }

    @Test
    public void norDoManySuchRequests() {
        SimulatedOrigin scattered = all(20_000);
        scattered.refuses = number -> number % 1_000 == 500;
        assertFinished(scattered, 20, Duration.ofSeconds(30));
        SimulatedOrigin together = all(20_000);
        together.refuses = number -> number >= 5_000 && number < 5_020;
        assertFinished(together, 20, Duration.ofSeconds(30));
        SimulatedOrigin first = all(20_000);
        first.refuses = number -> number < 20;
        assertFinished(first, 20, Duration.ofSeconds(30));
    }

    @Test
    public void afterAShortOutageItGoesOnAsBefore() {
        SimulatedOrigin origin = all(20_000);
        origin.isDown = millis -> millis >= 3_000 && millis < 5_000;
        assertFinished(origin, 0, Duration.ofSeconds(25));
        SimulatedOrigin asks = all(20_000);
        asks.isDown = origin.isDown;
        asks.asked = Duration.ofSeconds(1);
        assertFinished(asks, 0, Duration.ofSeconds(25));
    }

    @Test
    public void aServerThatFailsEverythingDoesNotGetMoreAndMore() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, (running, bytes) -> -1);
        origin.refusal = AdaptiveLimit.End.FAILED;
        for (int i = 0; i < 300; i++) {
            origin.run(Duration.ofMillis(100));
            assertTrue("" + origin.limit.limit(), origin.limit.limit() <= 8);
        }
    }

    @Test
    public void aServerThatRefusesEverythingFailsThem() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, (running, bytes) -> -1);
        origin.requests = 1_000;
        assertFinished(origin, 1_000, Duration.ofSeconds(30));
        assertTrue("no longer sent again: " + origin.refused, origin.refused < 1_100);
    }

    @Test
    public void pausesThatAreAskedForEndIfNothingIsServed() {
        SimulatedOrigin origin = new SimulatedOrigin(MOST, (running, bytes) -> -1);
        origin.requests = 1_000;
        origin.asked = Duration.ofMinutes(5);
        assertFinished(origin, 1_000, Duration.ofMinutes(11));
    }
}
