package io.jenkins.plugins.concurrency.engine.schedule;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.StartThrottle;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Test;

public class PermitBudgetTest {

    private record Item(int index, String name) implements Branch {}

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final PermitBudget budget = PermitBudget.withSpare(() -> 12, Runnable::run);
    private volatile long nanos;

    @After
    public void stop() {
        timer.shutdownNow();
    }

    /** A run of many branches whose attempts end when the test says so. */
    private final class Run implements Attempter<Item> {

        final Deque<CompletableFuture<AttemptResult>> underWay = new ArrayDeque<>();
        final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        final CompletionStage<OutcomeCounts> end;
        int idleEnded;

        Run(Object owner, int branches) {
            this(budget, owner, branches, PermitDemand.ONE, Duration.ZERO);
        }

        Run(PermitBudget budget, Object owner, int branches, PermitDemand demand, Duration longest) {
            this(budget, owner, branches, demand, longest, StartGate.OPEN);
        }

        Run(PermitBudget budget, Object owner, int branches, PermitDemand demand, Duration longest, StartGate gate) {
            Permits permits = Permits.NONE.and(budget.account(owner, demand));
            Deque<Item> items = new ArrayDeque<>(
                    IntStream.range(0, branches).mapToObj(i -> new Item(i, "b" + i)).toList());
            Scheduler<Item> scheduler = new Scheduler<>(
                    items::poll,
                    new PermittedAttempts<>(this, permits, longest, timer),
                    new ScheduleLimits(1_000, gate).within(permits),
                    new BranchSettings(false, RetryPolicy.none(), Duration.ZERO),
                    outcomes::add,
                    AttemptCounter.NONE,
                    timer);
            permits.connect(scheduler::wake, () -> idleEnded++);
            end = scheduler.start().whenComplete((tally, thrown) -> permits.close());
        }

        @Override
        public synchronized Attempt attempt(Item item, int number) {
            CompletableFuture<AttemptResult> result = new CompletableFuture<>();
            underWay.add(result);
            return Attempt.of(result, () -> result.complete(AttemptResult.aborted(Map.of())));
        }

        synchronized int size() {
            return underWay.size();
        }

        void endOne() {
            CompletableFuture<AttemptResult> first;
            synchronized (this) {
                first = underWay.remove();
            }
            first.complete(new AttemptResult.Succeeded(Map.of()));
        }

        void endAll() {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!end.toCompletableFuture().isDone()) {
                if (size() > 0) {
                    endOne();
                } else {
                    assertTrue("it waits for ever", System.nanoTime() - deadline < 0);
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    public void oneBuildLeavesHalfForTheNext() {
        Run first = new Run("a", 50);
        assertEquals(6, first.size());
        Run second = new Run("b", 50);
        assertEquals(4, second.size());
        first.endOne();
        assertEquals("above its part, it gets nothing more", 5, first.size());
        first.endOne();
        first.endOne();
        assertEquals(4, first.size());
        second.endAll();
        assertEquals("alone again", 6, first.size());
        first.endAll();
        assertEquals(0, budget.held());
    }

    @Test
    public void theRunsOfABuildShareItsPart() {
        Run first = new Run("a", 50);
        assertEquals(6, first.size());
        Run second = new Run("a", 50);
        assertEquals("the least that every run has", PermitBudget.LEAST, second.size());
        first.endAll();
        second.endAll();
        assertEquals(0, budget.held());
    }

    @Test
    public void whoHoldsConnectionsForEverHoldsUpNobody() {
        List<Run> endless = IntStream.range(0, 8).mapToObj(i -> new Run("endless " + i, 50)).toList();
        assertTrue(endless.stream().allMatch(run -> run.size() >= PermitBudget.LEAST));
        Run other = new Run("other", 20);
        other.endAll();
        assertEquals(20, other.outcomes.size());
        assertTrue("held: " + budget.held(), budget.held() <= 12 + 8 * PermitBudget.LEAST);
    }

    @Test
    public void whatIsGivenBackGoesToWhoWaits() {
        Run first = new Run("a", 50);
        Run second = new Run("b", 50);
        Run third = new Run("c", 50);
        assertEquals(List.of(6, 4, 2), List.of(first.size(), second.size(), third.size()));
        first.endOne();
        assertEquals(List.of(5, 4, 3), List.of(first.size(), second.size(), third.size()));
        first.endAll();
        second.endAll();
        assertEquals(6, third.size());
        third.endAll();
    }

    private Run taking(PermitBudget shared, int branches) {
        return new Run(shared, new Object(), branches, PermitDemand.ONE, Duration.ZERO);
    }

    private static List<Integer> sizes(Run... runs) {
        return Stream.of(runs).map(Run::size).toList();
    }

    @Test
    public void whoIsAloneHasAllAndGivesAsOthersCome() {
        PermitBudget shared = PermitBudget.ofAll(1, () -> 8, Runnable::run);
        Run first = taking(shared, 50);
        assertEquals(8, first.size());
        Run second = taking(shared, 50);
        assertEquals("one at once", 1, second.size());
        for (int i = 0; i < 4; i++) {
            first.endOne();
        }
        assertEquals(List.of(4, 4), sizes(first, second));
        Run third = taking(shared, 50);
        for (int i = 0; i < 3; i++) {
            first.endOne();
            second.endOne();
        }
        assertEquals("nothing is left unused", 8, first.size() + second.size() + third.size());
        assertTrue("parts: " + sizes(first, second, third), sizes(first, second, third).stream().allMatch(n -> n >= 2));
        second.endAll();
        third.endAll();
        assertEquals("alone again", 8, first.size());
        first.endAll();
        assertEquals(0, shared.held());
    }

    @Test
    public void whatAnOwnerDoesNotWantTheOthersHave() {
        PermitBudget shared = PermitBudget.ofAll(1, () -> 8, Runnable::run);
        Run small = taking(shared, 1);
        Run large = taking(shared, 50);
        assertEquals(List.of(1, 7), sizes(small, large));
        small.endAll();
        assertEquals(8, large.size());
        large.endAll();
    }

    @Test
    public void whoHasANumberLeavesLessToTheOthers() {
        PermitBudget shared = PermitBudget.ofAll(1, () -> 8, Runnable::run);
        Run fixed = new Run(shared, "fixed", 6, new PermitDemand(1, 1, false, false), Duration.ZERO);
        Run free = taking(shared, 50);
        assertEquals(List.of(6, 2), sizes(fixed, free));
        Run other = new Run(shared, "other", 4, new PermitDemand(1, 1, false, false), Duration.ZERO);
        assertEquals("what a script has said it gets", 4, other.size());
        free.endOne();
        free.endOne();
        assertEquals("at least one", 1, free.size());
        fixed.endAll();
        other.endAll();
        assertEquals(8, free.size());
        free.endAll();
    }

    @Test
    public void aLimitIsNeverExceededAndEverybodyHasHisTurn() {
        PermitBudget limit = PermitBudget.ofAll(0, () -> 2, Runnable::run);
        List<Run> runs = IntStream.range(0, 5).mapToObj(i -> taking(limit, 4)).toList();
        List<Integer> turns = new ArrayList<>();
        while (runs.stream().anyMatch(run -> run.size() > 0)) {
            assertTrue("held: " + limit.held(), limit.held() <= 2);
            Run next = runs.stream().filter(run -> run.size() > 0).max(Comparator.comparing(
                    run -> turns.lastIndexOf(runs.indexOf(run)) < 0 ? 1 : 0)).orElseThrow();
            turns.add(runs.indexOf(next));
            next.endOne();
        }
        assertEquals(20, turns.size());
        assertEquals("all have been there before one came a third time", 5, Set.copyOf(turns.subList(0, 8)).size());
        assertEquals(0, limit.held());
    }

    @Test
    public void whatIsLargeIsNotOvertakenForEver() {
        PermitBudget memory = PermitBudget.ofAll(0, () -> 100, Runnable::run);
        PermitDemand little = new PermitDemand(40, 1, false, true);
        Run small = new Run(memory, "small", 30, little, Duration.ZERO);
        assertEquals(2, small.size());
        Run large = new Run(memory, "large", 1, new PermitDemand(90, 1, false, true), Duration.ZERO);
        small.endOne();
        small.endOne();
        assertEquals(List.of(0, 1), sizes(small, large));
        large.endAll();
        small.endAll();
        assertEquals(0, memory.held());
    }

    @Test
    public void whatIsLargerThanAllHasItForItself() {
        PermitBudget memory = PermitBudget.ofAll(0, () -> 100, Runnable::run);
        Run small = new Run(memory, "small", 2, new PermitDemand(10, 1, false, true), Duration.ZERO);
        Run large = new Run(memory, "large", 2, new PermitDemand(1_000, 1, false, true), Duration.ZERO);
        assertEquals(List.of(2, 0), sizes(small, large));
        small.endAll();
        assertEquals(1, large.size());
        large.endAll();
    }

    @Test
    public void processesThatStayEndWhenOthersNeedTheirPlace() {
        PermitBudget limit = PermitBudget.ofAll(0, () -> 4, Runnable::run, () -> nanos);
        PermitDemand stays = new PermitDemand(1, 1, true, true);
        Run first = new Run(limit, "first", 5, stays, Duration.ZERO);
        assertEquals(4, first.size());
        first.endOne();
        first.endOne();
        assertEquals("three calls are left, and four workers", 4, limit.held());
        Run second = new Run(limit, "second", 3, PermitDemand.ONE, Duration.ZERO);
        assertEquals(1, first.idleEnded);
        assertEquals(List.of(3, 1), sizes(first, second));
        nanos += PermitBudget.TURN_NANOS;
        first.endOne();
        assertEquals("it has no work for that worker", 2, first.idleEnded);
        assertEquals(List.of(2, 2), sizes(first, second));
        first.endAll();
        assertEquals("an ended run keeps nothing", second.size(), limit.held());
        second.endAll();
        assertEquals(0, limit.held());
    }

    @Test
    public void aProcessThatStaysHasItsTurnBeforeItEndsForOthers() {
        PermitBudget limit = PermitBudget.ofAll(0, () -> 1, Runnable::run, () -> nanos);
        PermitDemand stays = new PermitDemand(1, 1, true, true);
        Run first = new Run(limit, "first", 5, stays, Duration.ZERO);
        Run second = new Run(limit, "second", 5, stays, Duration.ZERO);
        first.endOne();
        first.endOne();
        assertEquals("it has just been started", List.of(1, 0), sizes(first, second));
        nanos += PermitBudget.TURN_NANOS;
        first.endOne();
        assertEquals(1, first.idleEnded);
        assertEquals(List.of(0, 1), sizes(first, second));
        second.endOne();
        assertEquals("so has this one", List.of(0, 1), sizes(first, second));
        nanos += PermitBudget.TURN_NANOS;
        second.endOne();
        assertEquals(List.of(1, 0), sizes(first, second));
        first.endAll();
        second.endAll();
        assertEquals(0, limit.held());
    }

    @Test
    public void callsThatOverlapKeepNoProcessThatOthersWaitFor() {
        PermitBudget limit = PermitBudget.ofAll(0, () -> 1, Runnable::run, () -> nanos);
        Run threads = new Run(limit, "threads", 30, new PermitDemand(1, 10, true, true), Duration.ZERO);
        Run other = new Run(limit, "other", 1, PermitDemand.ONE, Duration.ZERO);
        threads.endOne();
        assertEquals("its process has just been started", List.of(10, 0), sizes(threads, other));
        nanos += PermitBudget.TURN_NANOS;
        for (int left = 9; left > 0; left--) {
            threads.endOne();
            assertEquals(List.of(left, 0), sizes(threads, other));
        }
        threads.endOne();
        assertEquals(List.of(0, 1), sizes(threads, other));
        other.endAll();
        assertEquals(10, threads.size());
        threads.endAll();
        assertEquals(0, limit.held());
    }

    @Test
    public void whoWaitsForPermitsLosesNoOtherTurn() throws Exception {
        PermitBudget limit = PermitBudget.ofAll(0, () -> 1, Runnable::run);
        Run first = taking(limit, 1);
        CommandOptions slow = CommandOptions.DEFAULT.with(Map.of("delay", Duration.ofHours(1)));
        StartGate pace = StartThrottle.of(slow, new LocalHost(Path.of("unused")));
        Run second = new Run(limit, new Object(), 2, PermitDemand.ONE, Duration.ZERO, pace);
        assertEquals(List.of(1, 0), sizes(first, second));
        first.endAll();
        assertEquals("the delay is one between starts", 1, second.size());
        second.endOne();
        assertEquals(0, second.size());
    }

    @Test
    public void whoWaitsForOneBudgetKeepsNothingOfTheFirst() {
        PermitBudget first = PermitBudget.ofAll(1, () -> 1, Runnable::run);
        PermitBudget second = PermitBudget.ofAll(0, () -> 10, Runnable::run);
        PermitBudget last = PermitBudget.ofAll(0, () -> 2, Runnable::run);
        Permits other = Permits.NONE.and(last.account("other"));
        take(other);
        take(other);
        Permits waits = Permits.NONE.and(first.account("a")).and(second.account("a")).and(last.account("a"));
        assertFalse(waits.pause().isZero());
        assertEquals("it has its part of the first whenever it wants", List.of(0, 1, 2), held(first, second, last));
        other.release();
        take(waits);
        assertEquals(List.of(1, 1, 2), held(first, second, last));
        assertFalse("the second attempt", waits.pause().isZero());
        assertEquals(List.of(1, 1, 2), held(first, second, last));
        waits.release();
        assertTrue(waits.pause().isZero());
        waits.close();
        other.close();
        other.release();
        assertEquals(List.of(0, 0, 0), held(first, second, last));
    }

    @Test
    public void whoWaitsForTheFirstAgainGivesBackWhatItKept() {
        PermitBudget first = PermitBudget.ofAll(1, () -> 2, Runnable::run);
        PermitBudget second = PermitBudget.ofAll(0, () -> 10, Runnable::run);
        PermitBudget last = PermitBudget.ofAll(0, () -> 2, Runnable::run);
        Permits run = Permits.NONE.and(first.account("a")).and(second.account("a", new PermitDemand(1, 1, true, true)))
                .and(last.account("a"));
        take(run);
        Permits holder = Permits.NONE.and(last.account("other"));
        take(holder);
        assertFalse("for the last", run.pause().isZero());
        assertEquals(List.of(1, 2, 2), held(first, second, last));
        Permits neighbour = Permits.NONE.and(first.account("neighbour"));
        take(neighbour);
        assertFalse("for the first", run.pause().isZero());
        assertEquals("only what is under way", List.of(2, 1, 2), held(first, second, last));
    }

    private static void take(Permits permits) {
        assertTrue(permits.pause().isZero());
        permits.take();
    }

    private static List<Integer> held(PermitBudget... budgets) {
        return Stream.of(budgets).map(PermitBudget::held).toList();
    }

    @Test
    public void callsOfOneProcessTakeOnePermit() {
        PermitBudget limit = PermitBudget.ofAll(0, () -> 2, Runnable::run);
        Run threads = new Run(limit, "threads", 10, new PermitDemand(1, 10, true, true), Duration.ZERO);
        assertEquals(10, threads.size());
        assertEquals(1, limit.held());
        threads.endAll();
        assertEquals(0, limit.held());
    }

    @Test
    public void noAttemptHasItsPermitForTooLong() throws Exception {
        Run run = new Run(budget, "a", 3, PermitDemand.ONE, Duration.ofMillis(20));
        OutcomeCounts tally = run.end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(3, tally.failed());
        Outcome outcome = run.outcomes.get(0);
        assertEquals(OutcomeStatus.FAILED, outcome.status());
        assertEquals(ErrorType.TIMEOUT, outcome.error().type());
        assertEquals(0, budget.held());
    }
}
