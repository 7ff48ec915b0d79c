package io.jenkins.plugins.concurrency.engine.schedule;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

/** What holds attempts back, and limits that follow from how long the others took. */
public class StartsAndLimitsTest {

    private static final AttemptResult REFUSED = new AttemptResult.Failed(
            new BranchError(ErrorType.ERROR, "HTTP 429"), new AttemptResult.Retry(true, Duration.ZERO, false, true), Map.of());

    private record Item(int index, String name) implements Branch {}

    private record Running(Item item, CompletableFuture<AttemptResult> result) implements Attempt {
        @Override
        public void abort() {
            result.complete(AttemptResult.failed(ErrorType.ERROR, "aborted"));
        }

        /** It is to be sent again, without counting as an attempt. */
        void refuse() {
            result.complete(REFUSED);
        }

        void succeed() {
            result.complete(new AttemptResult.Succeeded(Map.of()));
        }
    }

    private final BlockingQueue<Running> started = new LinkedBlockingQueue<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService timer = TimerThread.start("test timer");

    @After
    public void stop() {
        timer.shutdownNow();
    }

    private Running next() throws InterruptedException {
        Running running = started.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue("no attempt was started", running != null);
        return running;
    }

    private Scheduler<Item> scheduler(int count, ScheduleLimits limits, BranchSettings policy) {
        Iterator<Item> items =
                IntStream.range(0, count).mapToObj(i -> new Item(i, "item " + i)).iterator();
        Attempter<Item> attempter = new Attempter<>() {
            @Override
            public Attempt attempt(Item item, int number) {
                Running running = new Running(item, new CompletableFuture<>());
                started.add(running);
                return running;
            }

            @Override
            public String groupOf(Item item) {
                return "the only one";
            }
        };
        return new Scheduler<>(
                () -> items.hasNext() ? items.next() : null,
                attempter,
                limits,
                policy,
                outcomes::add,
                AttemptCounter.NONE,
                timer);
    }

    private static OutcomeCounts end(CompletionStage<OutcomeCounts> run) throws Exception {
        return run.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static BranchSettings policy(int percent) {
        return new BranchSettings(FailFast.NEVER, RetryPolicy.none(), Duration.ZERO, percent);
    }

    @Test
    public void nothingStartsWhileTheGateIsClosed() throws Exception {
        AtomicInteger closed = new AtomicInteger(5);
        StartGate gate = () -> closed.getAndDecrement() > 0 ? Duration.ofMillis(1) : Duration.ZERO;
        CompletionStage<OutcomeCounts> run = scheduler(2, new ScheduleLimits(2, gate), policy(0)).start();
        next().succeed();
        assertTrue("asked again and again", closed.get() < 0);
        next().succeed();
        assertEquals(2, end(run).succeeded());
    }

    @Test
    public void whatWaitsAtTheGateKeepsItsOrderAndCanBeCancelled() throws Exception {
        Scheduler<Item> scheduler = scheduler(
                3, new ScheduleLimits(2, () -> started.isEmpty() ? Duration.ZERO : Duration.ofHours(1)), policy(0));
        CompletionStage<OutcomeCounts> run = scheduler.start();
        assertEquals(0, started.peek().item().index());
        scheduler.cancel("enough");
        assertEquals(3, end(run).cancelled());
    }

    @Test
    public void whatAGroupMayGrowsWithTheEndOfOneOfThem() throws Exception {
        AtomicInteger capacity = new AtomicInteger(1);
        ScheduleLimits limits = new ScheduleLimits(10, group -> capacity.get(), null, StartGate.OPEN);
        CompletionStage<OutcomeCounts> run = scheduler(6, limits, policy(0)).start();
        Running only = next();
        assertTrue("one at once", started.isEmpty());
        capacity.set(4);
        only.succeed();
        List<Running> more = List.of(next(), next(), next(), next());
        assertTrue("four at once", started.isEmpty());
        capacity.set(1);
        for (Running one : more.subList(0, 3)) {
            one.succeed();
        }
        assertTrue("one still runs", started.isEmpty());
        more.get(3).succeed();
        next().succeed();
        assertEquals(6, end(run).succeeded());
    }

    @Test
    public void othersGoFirstIfABranchIsRefusedRepeatedly() {
        GroupLimits<Item> groups =
                new GroupLimits<>(new ScheduleLimits(10, group -> 1, null, StartGate.OPEN), timer, name -> {});
        List<ScheduledBranch<Item>> branches = IntStream.range(0, 3)
                .mapToObj(i -> new ScheduledBranch<>(new Item(i, "item " + i), "one", 0))
                .toList();
        for (int refusals : new int[] {1, 2}) {
            branches.get(0).beginAttempt();
            assertNull(branches.get(0).end(REFUSED, RetryPolicy.none(), false));
            branches.forEach(groups::park);
            for (int index : refusals == 1 ? new int[] {0, 1, 2} : new int[] {1, 2, 0}) {
                assertEquals(branches.get(index), groups.unpark("one"));
            }
        }
    }

    @Test
    public void whatWasRefusedAndThenCancelledHasHadAnAttempt() throws Exception {
        AtomicBoolean paused = new AtomicBoolean();
        GroupCapacity pausing = new GroupCapacity() {
            @Override
            public int of(String group) {
                return 1;
            }

            @Override
            public Duration pause(String group) {
                return paused.get() ? Duration.ofHours(1) : Duration.ZERO;
            }
        };
        Scheduler<Item> scheduler = scheduler(2, new ScheduleLimits(10, pausing, null, StartGate.OPEN), policy(0));
        CompletionStage<OutcomeCounts> run = scheduler.start();
        Running first = next();
        paused.set(true);
        first.refuse();
        scheduler.cancel("enough");
        assertEquals(2, end(run).cancelled());
        for (Outcome outcome : outcomes) {
            assertEquals(outcome.index() == 0 ? 1 : 0, outcome.attempts());
        }
    }

    @Test
    public void aGroupThatPausesGoesOnByItself() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GroupCapacity pausing = new GroupCapacity() {
            @Override
            public int of(String group) {
                return 2;
            }

            @Override
            public Duration pause(String group) {
                return asked.incrementAndGet() <= 3 ? Duration.ofMillis(1) : Duration.ZERO;
            }
        };
        CompletionStage<OutcomeCounts> run =
                scheduler(3, new ScheduleLimits(10, pausing, null, StartGate.OPEN), policy(0)).start();
        Running one = next();
        next().succeed();
        next().succeed();
        one.succeed();
        assertEquals(3, end(run).succeeded());
    }

    @Test
    public void aLimitInPercentHoldsOnceThreeHaveSucceededAlsoForThoseUnderWay() throws Exception {
        CompletionStage<OutcomeCounts> run = scheduler(5, new ScheduleLimits(5, 0, null), policy(300)).start();
        Running slow = next();
        Running alsoSlow = next();
        next().succeed();
        next().succeed();
        assertFalse(slow.result().isDone());
        next().succeed();
        OutcomeCounts tally = end(run);
        assertEquals(3, tally.succeeded());
        assertEquals(2, tally.failed());
        assertTrue(alsoSlow.result().isDone());
        for (Outcome outcome : outcomes) {
            if (outcome.status() == OutcomeStatus.FAILED) {
                assertEquals(ErrorType.TIMEOUT, outcome.error().type());
                assertTrue(outcome.error().message(), outcome.error().message().startsWith("no end within 300% of the median"));
            }
        }
    }

    @Test
    public void theLimitFollowsTheMedianOfTheLastOnes() {
        AttemptTimeout.RelativeLimit limit = new AttemptTimeout.RelativeLimit(200);
        assertFalse(limit.succeeded(4_000));
        assertFalse(limit.succeeded(100_000));
        assertNull(limit.current());
        assertTrue(limit.succeeded(5_000));
        assertEquals(Duration.ofSeconds(10), limit.current());
        assertEquals("200% of the median of 5 s", limit.text());
        for (int i = 0; i < 2_000; i++) {
            assertFalse(limit.succeeded(60_000));
        }
        assertEquals(Duration.ofSeconds(120), limit.current());
        for (int i = 0; i < 2_000; i++) {
            limit.succeeded(1);
        }
        assertEquals("differences below are noise", Duration.ofSeconds(1), limit.current());
    }
}
