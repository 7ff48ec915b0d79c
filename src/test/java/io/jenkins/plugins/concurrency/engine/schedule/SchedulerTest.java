package io.jenkins.plugins.concurrency.engine.schedule;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.After;
import org.junit.Test;

public class SchedulerTest {

    private record Item(int index, String name, String group) implements Branch {}

    /** An attempt that the test ends. */
    private static final class Pending implements Attempt {
        final Item item;
        final int number;
        final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

        Pending(Item item, int number) {
            this.item = item;
            this.number = number;
        }

        @Override
        public CompletionStage<AttemptResult> result() {
            return result;
        }

        @Override
        public void abort() {
            result.complete(AttemptResult.failed(ErrorType.ERROR, "aborted"));
        }

        void succeed() {
            result.complete(new AttemptResult.Succeeded(Map.of("value", number)));
        }

        void fail() {
            result.complete(AttemptResult.failed(ErrorType.EXIT, "exit code " + number));
        }
    }

    /** Hands the attempts that were started to the test. */
    private static final class Started implements Attempter<Item> {
        final BlockingQueue<Pending> attempts = new LinkedBlockingQueue<>();

        @Override
        public Attempt attempt(Item item, int number) {
            Pending attempt = new Pending(item, number);
            attempts.add(attempt);
            return attempt;
        }

        @Override
        public String groupOf(Item item) {
            return item.group();
        }

        Pending next() throws InterruptedException {
            Pending attempt = attempts.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue("no attempt was started", attempt != null);
            return attempt;
        }
    }

    private final ScheduledThreadPoolExecutor timer = (ScheduledThreadPoolExecutor) TimerThread.start("test timer");
    private final Started started = new Started();
    private final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());

    @After
    public void stopTimer() {
        timer.shutdownNow();
    }

    private static BranchSource<Item> items(int count, String... groups) {
        AtomicInteger next = new AtomicInteger();
        return () -> {
            int index = next.getAndIncrement();
            String group = groups.length == 0 ? null : groups[index % groups.length];
            return index < count ? new Item(index, "item " + index, group) : null;
        };
    }

    private static BranchSettings policy(boolean failFast, int retries, Duration timeout) {
        return new BranchSettings(failFast, new RetryPolicy(retries, Duration.ZERO), timeout);
    }

    private static final BranchSettings PLAIN = policy(false, 0, Duration.ZERO);

    private Scheduler<Item> scheduler(
            BranchSource<Item> source, Attempter<Item> attempter, int width, int perGroup, BranchSettings policy) {
        FailFastSink sink = new FailFastSink(outcomes::add);
        Scheduler<Item> scheduler = new Scheduler<>(
                source, attempter, new ScheduleLimits(width, perGroup, null), policy, sink, AttemptCounter.NONE, timer);
        sink.connect(scheduler, policy.failFast(), 0, null);
        return scheduler;
    }

    private static OutcomeCounts await(CompletionStage<OutcomeCounts> run) throws Exception {
        return run.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void whoComesByIsNotKeptHoweverManyBranchesEndAtOnce() throws Exception {
        Thread caller = Thread.currentThread();
        AtomicInteger byCaller = new AtomicInteger();
        Pending first = new Pending(new Item(0, "item 0", null), 1);
        Scheduler<Item> scheduler = scheduler(
                items(10_000),
                (item, number) -> {
                    if (item.index() == 0) {
                        return first;
                    }
                    byCaller.addAndGet(Thread.currentThread() == caller ? 1 : 0);
                    return Attempt.ended(new AttemptResult.Succeeded(Map.of()));
                },
                1,
                0,
                PLAIN);
        CompletionStage<OutcomeCounts> run = scheduler.start();
        first.succeed(); // as an I/O thread does, which has other connections
        assertTrue("by the caller: " + byCaller, byCaller.get() <= StartLoop.TURN);
        assertEquals(10_000, await(run).succeeded());
    }

    @Test
    public void neverMoreThanTheWidthAreUnderWayAndEachEndStartsTheNext() throws Exception {
        CompletionStage<OutcomeCounts> run = scheduler(items(5), started, 2, 0, PLAIN).start();
        Pending first = started.next();
        Pending second = started.next();
        assertEquals("two of five", 0, started.attempts.size());
        second.succeed();
        Pending third = started.next();
        assertEquals(2, third.item.index());
        assertEquals(0, started.attempts.size());
        first.succeed();
        third.succeed();
        started.next().succeed();
        started.next().fail();
        assertEquals(new OutcomeCounts(4, 1, 0), await(run));
        assertEquals(5, outcomes.size());
    }

    @Test
    public void anEmptySourceEndsAtOnce() throws Exception {
        assertEquals(new OutcomeCounts(0, 0, 0), await(scheduler(items(0), started, 2, 0, PLAIN).start()));
    }

    @Test
    public void aFailedBranchIsAttemptedAgainAndItsAttemptsAreCounted() throws Exception {
        CompletionStage<OutcomeCounts> run =
                scheduler(items(1), started, 1, 0, policy(false, 2, Duration.ZERO)).start();
        started.next().fail();
        started.next().fail();
        Pending third = started.next();
        assertEquals(3, third.number);
        third.succeed();
        assertEquals(new OutcomeCounts(1, 0, 0), await(run));
        assertEquals(3, outcomes.get(0).attempts());
        assertEquals(3, outcomes.get(0).details().get("value"));
    }

    @Test
    public void theLastFailureIsTheOutcome() throws Exception {
        CompletionStage<OutcomeCounts> run =
                scheduler(items(1), started, 1, 0, policy(false, 1, Duration.ZERO)).start();
        started.next().fail();
        started.next().fail();
        assertEquals(new OutcomeCounts(0, 1, 0), await(run));
        assertEquals("exit code 2", outcomes.get(0).error().message());
    }

    @Test
    public void theAttemptsOfARetriedBranchAreToldOneByOne() throws Exception {
        CompletionStage<OutcomeCounts> run =
                scheduler(items(2), started, 1, 0, policy(false, 2, Duration.ZERO)).start();
        started.next().fail();
        Pending other = started.next();
        boolean otherFirst = other.item.index() == 1; // its turn may come before the retry
        other.succeed();
        started.next().succeed();
        assertEquals(new OutcomeCounts(2, 0, 0), await(run));
        Outcome retried = outcomes.get(otherFirst ? 1 : 0);
        List<?> tries = (List<?>) retried.details().get(OutcomeDetail.TRIES);
        assertEquals(2, tries.size());
        Map<?, ?> first = (Map<?, ?>) tries.get(0);
        assertEquals(0L, first.get(OutcomeDetail.TRY_START));
        assertEquals("exit", first.get(OutcomeDetail.TRY_ERROR));
        Map<?, ?> last = (Map<?, ?>) tries.get(1);
        assertTrue(last.toString(), !last.containsKey(OutcomeDetail.TRY_ERROR));
        long end = (Long) last.get(OutcomeDetail.TRY_START) + (Long) last.get(OutcomeDetail.TRY_MILLIS);
        assertTrue(tries + " in " + retried.durationMillis(), end <= retried.durationMillis());
        assertTrue("not for others", !outcomes.get(otherFirst ? 0 : 1).details().containsKey(OutcomeDetail.TRIES));
    }

    @Test
    public void aBranchThatIsCancelledBetweenItsAttemptsTellsOnlyThoseThatWere() throws Exception {
        BranchSettings slow = new BranchSettings(false, new RetryPolicy(1, Duration.ofHours(1)), Duration.ZERO);
        Scheduler<Item> scheduler = scheduler(items(1), started, 1, 0, slow);
        CompletionStage<OutcomeCounts> run = scheduler.start();
        started.next().fail();
        scheduler.cancel("enough");
        assertEquals(new OutcomeCounts(0, 0, 1), await(run));
        assertEquals(1, ((List<?>) outcomes.get(0).details().get(OutcomeDetail.TRIES)).size());
    }

    @Test
    public void aHopelessFailureIsNotRepeated() throws Exception {
        CompletionStage<OutcomeCounts> run =
                scheduler(items(1), started, 1, 0, policy(false, 5, Duration.ZERO)).start();
        started.next().result.complete(AttemptResult.permanentFailure(ErrorType.INVALID, "no"));
        assertEquals(new OutcomeCounts(0, 1, 0), await(run));
        assertEquals(ErrorType.INVALID, outcomes.get(0).error().type());
    }

    @Test
    public void anAttemptThatTakesTooLongIsAbortedAndFailsAsTimeout() throws Exception {
        CompletionStage<OutcomeCounts> run = scheduler(items(1), started, 1, 0, policy(false, 1, Duration.ofMillis(20)))
                .start();
        assertEquals(new OutcomeCounts(0, 1, 0), await(run));
        assertEquals(ErrorType.TIMEOUT, outcomes.get(0).error().type());
        assertEquals("no end within 20 ms", outcomes.get(0).error().message());
        assertEquals("retried once", 2, outcomes.get(0).attempts());
    }

    @Test
    public void failFastCancelsTheOthers() throws Exception {
        CompletionStage<OutcomeCounts> run =
                scheduler(items(10), started, 3, 0, policy(true, 0, Duration.ZERO)).start();
        started.next();
        started.next().fail();
        assertEquals(new OutcomeCounts(0, 1, 9), await(run));
        for (Outcome outcome : outcomes) {
            if (outcome.index() != 1) {
                assertEquals(OutcomeStatus.CANCELLED, outcome.status());
                assertEquals("failFast: 'item 1' failed", outcome.error().message());
                assertEquals("started or not", outcome.index() < 3 ? 1 : 0, outcome.attempts());
            }
        }
        assertEquals("none was started afterwards", 1, started.attempts.size());
    }

    @Test
    public void aFailureBudgetLetsRunningBranchesEnd() throws Exception {
        FailFast twoOfTen = new FailFast(0, 15, true).of(10);
        assertEquals(new FailFast(2, 0, true), twoOfTen);
        BranchSettings settings = new BranchSettings(twoOfTen, RetryPolicy.none(), Duration.ZERO, 0);
        CompletionStage<OutcomeCounts> run = scheduler(items(10), started, 3, 0, settings).start();
        started.next().fail();
        Pending second = started.next();
        started.next().fail();
        Pending fourth = started.next();
        second.succeed();
        fourth.fail();
        assertEquals(new OutcomeCounts(1, 3, 6), await(run));
        assertEquals("none was started afterwards", 0, started.attempts.size());
        outcomes.stream().filter(outcome -> outcome.status() == OutcomeStatus.CANCELLED).forEach(outcome ->
                assertEquals("failFast: 'item 2' failed, failure 2 of 2", outcome.error().message()));
    }

    @Test
    public void aFailureCountsWhenTheLastAttemptFailed() throws Exception {
        CompletionStage<OutcomeCounts> run = scheduler(items(2), started, 2, 0, policy(true, 1, Duration.ZERO)).start();
        started.next().fail();
        Pending other = started.next();
        Pending again = started.next();
        assertEquals(2, again.number);
        assertEquals(false, other.result.isDone());
        again.fail();
        assertEquals(new OutcomeCounts(0, 1, 1), await(run));
    }

    @Test
    public void whatAHaltLetsEndIsStoppedByACancellationAfterIt() throws Exception {
        Scheduler<Item> scheduler = scheduler(items(3), started, 1, 0, PLAIN);
        CompletionStage<OutcomeCounts> run = scheduler.start();
        Pending only = started.next();
        scheduler.halt("enough");
        assertEquals(false, only.result.isDone());
        scheduler.cancel("the build was stopped");
        assertEquals(new OutcomeCounts(0, 0, 3), await(run));
        outcomes.sort(Comparator.comparing(Outcome::index));
        assertEquals(
                List.of("the build was stopped", "enough", "enough"),
                outcomes.stream().map(outcome -> outcome.error().message()).toList());
    }

    @Test
    public void cancellationReachesRunningPausingParkedAndUnreadBranches() throws Exception {
        BranchSettings slowRetries =
                new BranchSettings(false, new RetryPolicy(3, Duration.ofHours(1)), Duration.ofHours(1));
        Scheduler<Item> scheduler = scheduler(items(100, "a", "b"), started, 4, 1, slowRetries);
        CompletionStage<OutcomeCounts> run = scheduler.start();
        started.next();
        started.next().fail();
        scheduler.cancel("enough");
        scheduler.cancel("a second reason");
        OutcomeCounts tally = await(run);
        assertEquals(100, tally.total());
        assertEquals(100, tally.cancelled());
        Set<Integer> seen = new TreeSet<>();
        outcomes.forEach(outcome -> assertTrue(seen.add(outcome.index())));
        outcomes.forEach(outcome -> assertEquals("enough", outcome.error().message()));
    }

    @Test
    public void successThatCrossesACancelIsKept() throws Exception {
        Attempter<Item> deaf = (item, number) -> new Attempt() {
            private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();

            @Override
            public CompletionStage<AttemptResult> result() {
                return result;
            }

            @Override
            public void abort() {
                result.complete(new AttemptResult.Succeeded(Map.of()));
            }
        };
        Scheduler<Item> scheduler = scheduler(items(2), deaf, 1, 0, PLAIN);
        CompletionStage<OutcomeCounts> run = scheduler.start();
        scheduler.cancel("too late for the first");
        assertEquals(new OutcomeCounts(1, 0, 1), await(run));
    }

    @Test
    public void aPacedGroupThatFindsNoRoomWaitsQuietlyAndInOrder() throws Exception {
        ScheduleLimits limits = new ScheduleLimits(2, 0, new GroupPace(Duration.ofMillis(1)));
        CompletionStage<OutcomeCounts> run = new Scheduler<>(
                        items(200, "g"), started, limits, PLAIN, outcomes::add, AttemptCounter.NONE, timer)
                .start();
        Pending first = started.next();
        Pending other = started.next();
        Await.until("an idle timer", () -> timer.getQueue().isEmpty() && timer.getActiveCount() == 0);
        assertTrue("looked " + timer.getCompletedTaskCount() + " times", timer.getCompletedTaskCount() < 20);
        other.succeed();
        for (int i = 2; i < 200; i++) {
            Pending next = started.next();
            assertEquals(i, next.item.index());
            next.succeed();
        }
        first.succeed();
        assertEquals(new OutcomeCounts(200, 0, 0), await(run));
    }

    @Test
    public void aClosedGateDoesNotCostAGroupItsTurn() throws Exception {
        AtomicReference<Duration> gate = new AtomicReference<>(Duration.ofHours(1));
        ScheduleLimits limits = new ScheduleLimits(2, 0, new GroupPace(Duration.ofHours(1)), gate::get);
        Scheduler<Item> scheduler = new Scheduler<>(
                items(2, "g"), started, limits, PLAIN, outcomes::add, AttemptCounter.NONE, timer);
        CompletionStage<OutcomeCounts> run = scheduler.start();
        assertEquals(0, started.attempts.size());
        gate.set(Duration.ZERO);
        scheduler.wake();
        assertEquals("one at once, the other in its turn", 1, started.attempts.size());
        started.next().succeed();
        scheduler.cancel("enough");
        assertEquals(new OutcomeCounts(1, 0, 1), await(run));
    }

    @Test
    public void aGroupHasItsOwnLimitAndDoesNotHoldUpOthers() throws Exception {
        CompletionStage<OutcomeCounts> run = scheduler(items(40, "slow", "fast"), started, 8, 1, PLAIN).start();
        Pending slow = started.next();
        assertEquals("slow", slow.item.group());
        for (int i = 0; i < 20; i++) {
            Pending fast = started.next();
            assertEquals("fast", fast.item.group());
            assertEquals("one at a time", 0, started.attempts.size());
            fast.succeed();
        }
        for (int i = 0; i < 20; i++) {
            slow.succeed();
            slow = i < 19 ? started.next() : slow;
        }
        assertEquals(new OutcomeCounts(40, 0, 0), await(run));
    }

    @Test
    public void branchesThatEndAtOnceNeedNoStack() throws Exception {
        Attempter<Item> instant = (item, number) -> Attempt.ended(new AttemptResult.Succeeded(Map.of()));
        assertEquals(new OutcomeCounts(200_000, 0, 0), await(scheduler(items(200_000), instant, 3, 0, PLAIN).start()));
    }

    @Test
    public void anExceptionFromTheAttempterIsAFailureOfTheBranch() throws Exception {
        Attempter<Item> broken = (item, number) -> {
            if (item.index() == 0) {
                throw new IllegalStateException("broken");
            }
            return new Attempt() {
                @Override
                public CompletionStage<AttemptResult> result() {
                    return CompletableFuture.failedFuture(new IllegalStateException("later"));
                }

                @Override
                public void abort() {}
            };
        };
        assertEquals(new OutcomeCounts(0, 2, 0), await(scheduler(items(2), broken, 1, 0, PLAIN).start()));
        assertEquals(ErrorType.ERROR, outcomes.get(0).error().type());
        assertTrue(outcomes.get(1).error().message().contains("later"));
    }

    @Test
    public void aSinkThatFailsEndsTheRunAfterItsAttemptsHaveEnded() throws Exception {
        OutcomeSink full = outcome -> {
            throw new IOException("disk full");
        };
        CompletionStage<OutcomeCounts> run = new Scheduler<>(
                        items(100), started, new ScheduleLimits(2, 0, null), PLAIN, full, AttemptCounter.NONE, timer)
                .start();
        Pending first = started.next();
        Pending second = started.next();
        first.succeed();
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> await(run));
        assertEquals("disk full", thrown.getCause().getMessage());
        assertTrue("the other attempt was aborted", second.result.isDone());
    }

    @Test
    public void aSourceThatFailsEndsTheRun() {
        AtomicInteger next = new AtomicInteger();
        BranchSource<Item> broken = () -> {
            if (next.get() == 2) {
                throw new IOException("line 3 is damaged");
            }
            return new Item(next.getAndIncrement(), "i", null);
        };
        CompletionStage<OutcomeCounts> run = scheduler(broken, started, 5, 0, PLAIN).start();
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> await(run));
        assertEquals("line 3 is damaged", thrown.getCause().getMessage());
        assertEquals(2, outcomes.size());
    }

    @Test
    public void aSourceThatFailsWhileOthersPauseEndsTheRun() throws Exception {
        AtomicInteger next = new AtomicInteger();
        BranchSource<Item> broken = () -> {
            if (next.get() == 1) {
                throw new IOException("line 2 is damaged");
            }
            return new Item(next.getAndIncrement(), "i", null);
        };
        BranchSettings slowRetries = new BranchSettings(false, new RetryPolicy(1, Duration.ofHours(1)), Duration.ZERO);
        CompletionStage<OutcomeCounts> run = scheduler(broken, started, 1, 0, slowRetries).start();
        started.next().fail();
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> await(run));
        assertEquals("line 2 is damaged", thrown.getCause().getMessage());
        assertEquals(OutcomeStatus.CANCELLED, outcomes.get(0).status());
    }

    @Test
    public void anErrorIsAFailureOfTheBranchToo() throws Exception {
        Attempter<Item> broken = (item, number) -> {
            throw new OutOfMemoryError("no more threads");
        };
        assertEquals(new OutcomeCounts(0, 2, 0), await(scheduler(items(2), broken, 1, 0, PLAIN).start()));
    }

    @Test
    public void attemptsOfADeadProcessCount() throws Exception {
        AttemptCounter oneBefore = new AttemptCounter() {
            @Override
            public int attempts(int index) {
                return 1;
            }

            @Override
            public void begun(int index, int number) {
                assertEquals(2, number);
            }
        };
        CompletionStage<OutcomeCounts> run = new Scheduler<>(
                        items(1), started, new ScheduleLimits(1, 0, null), PLAIN, outcomes::add, oneBefore, timer)
                .start();
        started.next().succeed();
        assertEquals(new OutcomeCounts(1, 0, 0), await(run));
        assertEquals(2, outcomes.get(0).attempts());
    }

    @Test
    public void everyBranchIsAccountedForOnceWhenManyThreadsEndThemAtRandom() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger highest = new AtomicInteger();
            Attempter<Item> attempter = new Attempter<>() {
                @Override
                public Attempt attempt(Item item, int number) {
                    highest.accumulateAndGet(running.incrementAndGet(), Math::max);
                    int fate;
                    synchronized (random) {
                        fate = random.nextInt(10);
                    }
                    Pending attempt = new Pending(item, number);
                    threads.execute(() -> {
                        running.decrementAndGet();
                        if (fate < 3) {
                            attempt.fail();
                        } else {
                            attempt.succeed();
                        }
                    });
                    return attempt;
                }

                @Override
                public String groupOf(Item item) {
                    return item.group();
                }
            };
            CompletionStage<OutcomeCounts> run = scheduler(
                            items(20_000, "a", "b", "c"), attempter, 16, 4, policy(false, 1, Duration.ofHours(1)))
                    .start();
            OutcomeCounts tally = await(run);
            assertEquals("seed " + seed, 20_000, tally.total());
            assertEquals("seed " + seed, 0, tally.cancelled());
            Set<Integer> seen = new TreeSet<>();
            outcomes.forEach(outcome -> assertTrue("seed " + seed, seen.add(outcome.index())));
            assertEquals(20_000, seen.size());
            assertTrue("three groups of four: " + highest, highest.get() <= 12);
            assertEquals("timers are taken back", 0, timer.getQueue().size());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    public void suspendedItReportsWhatWasUnderWayAndLeavesTheRest() throws Exception {
        AtomicInteger read = new AtomicInteger();
        BranchSource<Item> source = () -> new Item(read.getAndIncrement(), "item", null); // without an end
        Scheduler<Item> scheduler = scheduler(source, started, 2, 0, policy(false, 5, Duration.ZERO));
        CompletionStage<OutcomeCounts> run = scheduler.start();
        Pending first = started.next();
        started.next();
        first.succeed();
        started.next();
        scheduler.suspend();
        assertEquals("not tried again either", new OutcomeCounts(1, 0, 2), await(run));
        assertEquals(3, read.get());
    }

    @Test
    public void aSinkThatFailsIsNotTriedAgainForWhatWasNeverBegun() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        OutcomeSink full = outcome -> {
            calls.incrementAndGet();
            throw new IOException("No space left on device");
        };
        Scheduler<Item> scheduler = new Scheduler<>(
                items(1_000_000), started, new ScheduleLimits(2, 0, null), PLAIN, full, AttemptCounter.NONE, timer);
        CompletionStage<OutcomeCounts> run = scheduler.start();
        started.next().succeed();
        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(run));
        assertEquals("No space left on device", failure.getCause().getMessage());
        assertEquals("that one, and what was under way", 2, calls.get());
    }

    @Test
    public void aBranchCancelledBeforeItsFirstAttemptHereKeepsItsAttemptsElsewhere() throws Exception {
        AttemptCounter counter = new AttemptCounter() {
            @Override
            public int attempts(int index) {
                return 3;
            }

            @Override
            public void begun(int index, int number) {
                throw new AssertionError("nothing is to be begun");
            }
        };
        Scheduler<Item> scheduler = new Scheduler<>(
                items(1), started, new ScheduleLimits(1, 0, null), PLAIN, outcomes::add, counter, timer);
        scheduler.cancel("enough");
        assertEquals(new OutcomeCounts(0, 0, 1), await(scheduler.start()));
        assertEquals(3, outcomes.get(0).attempts());
    }
}
