package io.jenkins.plugins.concurrency.engine.schedule;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;

public class LinkedScheduleTest {

    private record Item(int index, String name) implements Branch {}

    /** An attempt that the test ends. */
    private record Pending(Item item, CompletableFuture<AttemptResult> end) implements Attempt {

        @Override
        public CompletionStage<AttemptResult> result() {
            return end;
        }

        @Override
        public void abort() {
            end.complete(AttemptResult.failed(ErrorType.ERROR, "aborted"));
        }

        void succeed() {
            end.complete(new AttemptResult.Succeeded(Map.of()));
        }

        void failUntilLater() {
            BranchError error = new BranchError(ErrorType.EXIT, "no");
            end.complete(new AttemptResult.Failed(error, AttemptResult.Retry.after(Duration.ofMinutes(5)), Map.of()));
        }

        void fail() {
            end.complete(AttemptResult.failed(ErrorType.EXIT, "no"));
        }
    }

    private static final class Started implements Attempter<Item> {
        final BlockingQueue<Pending> attempts = new LinkedBlockingQueue<>();

        @Override
        public Attempt attempt(Item item, int number) {
            Pending attempt = new Pending(item, new CompletableFuture<>());
            attempts.add(attempt);
            return attempt;
        }

        Pending next() throws InterruptedException {
            Pending attempt = attempts.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue("no attempt was started", attempt != null);
            return attempt;
        }
    }

    private static final BranchSettings PLAIN = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final Started first = new Started();
    private final Started second = new Started();
    private final List<Outcome> ended = Collections.synchronizedList(new ArrayList<>());
    private OutcomeSink sink = ended::add;
    private BranchSettings policy = PLAIN;

    @After
    public void stopTimer() {
        timer.shutdownNow();
    }

    /** Ten items, of which two at once are done first, and one at a time afterwards. */
    private ScheduleControl schedule(int room) {
        AtomicInteger next = new AtomicInteger();
        BranchSource<Item> items = () -> {
            int index = next.getAndIncrement();
            return index < 10 ? new Item(index, "item " + index) : null;
        };
        HandoffQueue<Item> between = new HandoffQueue<>(room);
        OutcomeSink handing = outcome -> {
            if (outcome.status() == OutcomeStatus.SUCCEEDED) {
                between.put(new Item(outcome.index(), outcome.name()));
            } else {
                sink.ended(outcome);
            }
        };
        Scheduler<Item> from = new Scheduler<>(
                items, first, new ScheduleLimits(2, between), PLAIN, handing, AttemptCounter.NONE, timer);
        Scheduler<Item> to = new Scheduler<>(
                between, second, new ScheduleLimits(1, 0, null), policy, sink, AttemptCounter.NONE, timer);
        return LinkedSchedule.of(from, to, between);
    }

    private static OutcomeCounts await(CompletionStage<OutcomeCounts> end) throws Exception {
        return end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void whatTheFirstHasDoneTheSecondDoes() throws Exception {
        CompletionStage<OutcomeCounts> end = schedule(3).start();
        for (int i = 0; i < 10; i++) {
            first.next().succeed();
            second.next().succeed();
        }
        assertEquals(new OutcomeCounts(10, 0, 0), await(end));
        assertEquals(10, ended.size());
    }

    @Test
    public void whatTheFirstHasFailedTheSecondNeverSees() throws Exception {
        CompletionStage<OutcomeCounts> end = schedule(3).start();
        for (int i = 0; i < 10; i++) {
            Pending attempt = first.next();
            if (attempt.item().index() % 2 == 0) {
                attempt.fail();
            } else {
                attempt.succeed();
                second.next().fail();
            }
        }
        assertEquals(new OutcomeCounts(0, 10, 0), await(end));
        assertEquals(10, ended.size());
    }

    @Test
    public void theFirstWaitsForRoom() throws Exception {
        CompletionStage<OutcomeCounts> end = schedule(3).start();
        // One goes on at once, three wait, and the place of the last one was taken when there was still room.
        for (int i = 0; i < 5; i++) {
            first.next().succeed();
        }
        assertEquals("nothing begins while there is no room", List.of(), List.copyOf(first.attempts));
        Pending working = second.next();
        assertEquals(0, working.item().index());
        working.succeed();
        second.next().succeed();
        assertEquals("room for one", 5, first.next().item().index());
        assertTrue(!end.toCompletableFuture().isDone());
    }

    @Test
    public void aCancelEndsBothPartsOnceEach() throws Exception {
        ScheduleControl schedule = schedule(3);
        CompletionStage<OutcomeCounts> end = schedule.start();
        first.next().succeed();
        first.next().succeed();
        second.next();
        schedule.cancel("enough");
        assertEquals(new OutcomeCounts(0, 0, 10), await(end));
        assertEquals(10, ended.stream().map(Outcome::index).distinct().count());
    }

    @Test
    public void haltedTheSecondTakesWhatTheFirstHasBegunAndNothingAgain() throws Exception {
        policy = new BranchSettings(false, new RetryPolicy(3, Duration.ZERO), Duration.ZERO);
        ScheduleControl schedule = schedule(3);
        CompletionStage<OutcomeCounts> end = schedule.start();
        first.next().succeed();
        second.next().failUntilLater();
        first.next().succeed();
        first.next().succeed();
        Pending running = second.next();
        Pending fetching = first.next();
        Pending failing = first.next();
        schedule.halt("enough");
        fetching.succeed();
        failing.fail();
        running.fail();
        second.next().succeed();
        Pending last = second.next();
        assertEquals("it was under way in the first", fetching.item(), last.item());
        last.succeed();
        assertEquals("2 and 3, 1 and 4, the others", new OutcomeCounts(2, 2, 6), await(end));
        assertEquals(10, ended.stream().map(Outcome::index).distinct().count());
        assertEquals(List.of(), List.copyOf(second.attempts));
        assertEquals(OutcomeStatus.CANCELLED, ended.stream().filter(outcome -> outcome.index() == 0).findFirst().orElseThrow().status());
    }

    @Test
    public void suspendedTheyEndWithoutReadingOn() throws Exception {
        ScheduleControl schedule = schedule(3);
        CompletionStage<OutcomeCounts> end = schedule.start();
        first.next().succeed();
        second.next();
        schedule.suspend();
        assertTrue("only what was under way", await(end).total() <= 3);
    }

    @Test
    public void aSinkThatFailsInTheSecondEndsTheFirst() throws Exception {
        sink = outcome -> {
            throw new IOException("no place");
        };
        CompletionStage<OutcomeCounts> end = schedule(1).start();
        first.next().succeed();
        second.next().succeed();
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> await(end));
        assertEquals("no place", thrown.getCause().getMessage());
    }

    @Test
    public void aSourceThatFailsEndsTheSecond() throws Exception {
        HandoffQueue<Item> between = new HandoffQueue<>(3);
        BranchSource<Item> broken = () -> {
            throw new IOException("unreadable");
        };
        Scheduler<Item> from = new Scheduler<>(
                broken, first, new ScheduleLimits(2, between), PLAIN, sink, AttemptCounter.NONE, timer);
        Scheduler<Item> to = new Scheduler<>(
                between, second, new ScheduleLimits(1, 0, null), PLAIN, sink, AttemptCounter.NONE, timer);
        CompletionStage<OutcomeCounts> end = LinkedSchedule.of(from, to, between).start();
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> await(end));
        assertEquals("unreadable", thrown.getCause().getMessage());
    }
}
