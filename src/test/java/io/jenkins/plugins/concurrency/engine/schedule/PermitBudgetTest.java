package io.jenkins.plugins.concurrency.engine.schedule;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

public class PermitBudgetTest {

    private record Item(int index, String name) implements Branch {}

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final PermitBudget budget = new PermitBudget(() -> 12, Runnable::run);

    @After
    public void stop() {
        timer.shutdownNow();
    }

    /** A run of many branches whose attempts end when the test says so. */
    private final class Run implements Attempter<Item> {

        final Deque<CompletableFuture<AttemptResult>> underWay = new ArrayDeque<>();
        final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        final CompletionStage<Tally> end;

        Run(Object owner, int branches) {
            this(owner, branches, Duration.ZERO);
        }

        Run(Object owner, int branches, Duration longest) {
            PermitBudget.Account account = budget.account(owner);
            Deque<Item> items = new ArrayDeque<>(
                    IntStream.range(0, branches).mapToObj(i -> new Item(i, "b" + i)).toList());
            Scheduler<Item> scheduler = new Scheduler<>(
                    items::poll,
                    new PermittedAttempts<>(this, account, longest, timer),
                    new Scheduler.Limits(1_000, 0).within(account),
                    new BranchPolicy(false, RetryPolicy.none(), Duration.ZERO),
                    outcomes::add,
                    AttemptCounter.NONE,
                    timer);
            account.onRoom(scheduler::wake);
            end = scheduler.start().whenComplete((tally, thrown) -> account.close());
        }

        @Override
        public synchronized Attempt attempt(Item item, int number) {
            CompletableFuture<AttemptResult> result = new CompletableFuture<>();
            underWay.add(result);
            return new Attempt() {
                @Override
                public CompletionStage<AttemptResult> result() {
                    return result;
                }

                @Override
                public void abort() {
                    result.complete(AttemptResult.aborted(Map.of()));
                }
            };
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
            while (!end.toCompletableFuture().isDone()) {
                if (size() > 0) {
                    endOne();
                } else {
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

    @Test
    public void noAttemptHasItsPermitForTooLong() throws Exception {
        Run run = new Run("a", 3, Duration.ofMillis(20));
        Tally tally = run.end.toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(3, tally.failed());
        Outcome outcome = run.outcomes.get(0);
        assertEquals(Status.FAILED, outcome.status());
        assertEquals(ErrorType.TIMEOUT, outcome.error().type());
        assertEquals(0, budget.held());
    }
}
