package io.jenkins.plugins.concurrency.engine.schedule;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.DependencyGraph.Skip;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

public class DependencyGraphTest {

    private record Item(int index, String name) implements Branch {}

    private record Started(Item item, CompletableFuture<AttemptResult> end) {
        void succeed() {
            end.complete(new AttemptResult.Succeeded(Map.of()));
        }

        void fail() {
            end.complete(AttemptResult.failed(ErrorType.EXIT, "exit code 1"));
        }
    }

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<Started> started = new LinkedBlockingQueue<>();

    @After
    public void stopTimer() {
        timer.shutdownNow();
    }

    private static BranchNeeds needs(Integer... needs) {
        return new BranchNeeds(List.of(needs), 0);
    }

    private static List<BranchNeeds> random(Random random, int count) {
        List<BranchNeeds> branches = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            TreeSet<Integer> needs = new TreeSet<>();
            for (int i = random.nextInt(4); i > 0 && index > 0; i--) {
                needs.add(random.nextInt(index));
            }
            branches.add(new BranchNeeds(List.copyOf(needs), random.nextInt(3) == 0 ? 0 : random.nextInt(1000)));
        }
        return branches;
    }

    /** Everything that the needs allow, from scratch each time. */
    private static OutcomeStatus[] skipAll(List<BranchNeeds> branches, OutcomeStatus[] ended) {
        OutcomeStatus[] all = ended.clone();
        for (int index = 0; index < all.length; index++) { // what is needed comes first
            boolean lost = branches.get(index).needs().stream()
                    .anyMatch(need -> all[need] != null && all[need] != OutcomeStatus.SUCCEEDED);
            all[index] = all[index] == null && lost ? OutcomeStatus.SKIPPED : all[index];
        }
        return all;
    }

    private static boolean mayStart(BranchNeeds branch, OutcomeStatus[] ended) {
        return branch.needs().stream().allMatch(need -> ended[need] == OutcomeStatus.SUCCEEDED);
    }

    @Test
    public void doesWhatASimpleModelDoesOnRandomGraphs() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<BranchNeeds> branches = random(random, 1 + random.nextInt(40));
            DependencyGraph graph = new DependencyGraph(branches);
            OutcomeStatus[] ended = new OutcomeStatus[branches.size()];
            List<Integer> running = new ArrayList<>();
            TreeSet<Integer> begun = new TreeSet<>();
            int most = graph.mostAtOnce();
            while (graph.hasMore() || !running.isEmpty()) {
                int next = random.nextBoolean() ? graph.poll() : -1;
                if (next >= 0) {
                    assertTrue("seed " + seed, begun.add(next) && mayStart(branches.get(next), ended));
                    running.add(next);
                } else if (!running.isEmpty()) {
                    int index = running.remove(random.nextInt(running.size()));
                    ended[index] = random.nextInt(8) == 0 ? OutcomeStatus.FAILED : OutcomeStatus.SUCCEEDED;
                    for (Skip skip : graph.ended(index, ended[index])) {
                        assertTrue("seed " + seed, branches.get(skip.index()).needs().contains(skip.need()));
                        ended[skip.index()] = OutcomeStatus.SKIPPED;
                    }
                }
                assertEquals("seed " + seed, Arrays.asList(skipAll(branches, ended)), Arrays.asList(ended));
                long ready = IntStream.range(0, ended.length)
                        .filter(index -> ended[index] == null && !begun.contains(index) && mayStart(branches.get(index), ended))
                        .count();
                assertEquals("seed " + seed, ready, graph.ready());
                assertTrue("seed " + seed, running.size() + ready <= most);
            }
            assertTrue("seed " + seed, Arrays.stream(ended).allMatch(status -> status != null));
        }
    }

    @Test
    public void goesOnFromAnyMomentAsIfNothingHadHappened() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<BranchNeeds> branches = random(random, 1 + random.nextInt(40));
            DependencyGraph graph = new DependencyGraph(branches);
            OutcomeStatus[] journal = new OutcomeStatus[branches.size()];
            for (int steps = random.nextInt(2 * journal.length); steps > 0; steps--) {
                int index = graph.poll();
                if (index >= 0) {
                    journal[index] = random.nextInt(6) == 0 ? OutcomeStatus.FAILED : OutcomeStatus.SUCCEEDED;
                    for (Skip skip : graph.ended(index, journal[index])) {
                        if (random.nextBoolean()) { // else the process was killed before it was written
                            journal[skip.index()] = OutcomeStatus.SKIPPED;
                        }
                    }
                }
            }
            DependencyGraph restored = new DependencyGraph(branches);
            for (Skip skip : restored.restore(index -> journal[index] != null, index -> journal[index])) {
                assertNull("seed " + seed, journal[skip.index()]);
                journal[skip.index()] = OutcomeStatus.SKIPPED;
            }
            assertEquals("seed " + seed, Arrays.asList(skipAll(branches, journal)), Arrays.asList(journal));
            List<Integer> rest = new ArrayList<>();
            for (int index; (index = restored.poll()) >= 0; ) {
                rest.add(index);
            }
            List<Integer> same = new ArrayList<>();
            for (int index; (index = graph.poll()) >= 0; ) {
                same.add(index);
            }
            assertEquals("seed " + seed, same, rest);
        }
    }

    @Test
    public void theLongestChainIsFirstByTimesAndWithoutThemByLevels() {
        List<BranchNeeds> levels = List.of(needs(), needs(), needs(1), needs(2), needs());
        DependencyGraph graph = new DependencyGraph(levels);
        assertEquals("0, 4, and the chain of 1", 3, graph.mostAtOnce());
        assertEquals("behind 1 are two more", 1, graph.poll());
        assertEquals("then as they are given", 0, graph.poll());
        assertEquals(4, graph.poll());
        assertEquals("2 and 3 need 1", -1, graph.poll());

        DependencyGraph timed = new DependencyGraph(List.of(
                new BranchNeeds(List.of(), 100), needs(), new BranchNeeds(List.of(0), 10), new BranchNeeds(List.of(), 900)));
        assertEquals(3, timed.poll());
        assertEquals("an unknown time is the mean of the others: 337 ms", 1, timed.poll());
        assertEquals("110 ms", 0, timed.poll());
    }

    @Test
    public void circlesAreFoundAndNamedInOrder() {
        assertNull(DependencyGraph.circle(List.of(needs(), needs(0), needs(0, 1))));
        assertEquals(List.of(1, 3, 2), DependencyGraph.circle(List.of(needs(), needs(3), needs(1), needs(2), needs(2))));
        assertEquals(List.of(0), DependencyGraph.circle(List.of(needs(0))));
        assertThrows(IllegalArgumentException.class, () -> new DependencyGraph(List.of(needs(1), needs(0))));
        assertThrows(IllegalArgumentException.class, () -> new DependencyGraph(List.of(needs(7))));
    }

    @Test(timeout = 60_000)
    public void aCircleAtTheEndOfALongChainIsFoundInLinearTime() {
        int count = 400_000;
        List<BranchNeeds> chain = IntStream.range(0, count)
                .mapToObj(index -> needs(index + 1 < count ? index + 1 : index - 1))
                .toList();
        assertEquals(List.of(count - 2, count - 1), DependencyGraph.circle(chain));
    }

    private Scheduler<Item> scheduler(int width, List<BranchNeeds> needs) throws Exception {
        List<Item> items = new ArrayList<>();
        needs.forEach(each -> items.add(new Item(items.size(), "item " + items.size())));
        BranchSource<Item> source = DependentBranches.open(
                needs,
                leaveOut -> {
                    PriorityQueue<Item> left = new PriorityQueue<>((a, b) -> a.index() - b.index());
                    left.addAll(items);
                    return left::poll;
                },
                index -> false,
                index -> null,
                outcomes::add);
        Attempter<Item> attempter = (item, number) -> {
            CompletableFuture<AttemptResult> end = new CompletableFuture<>();
            started.add(new Started(item, end));
            return Attempt.of(end, () -> end.complete(AttemptResult.failed(
                    ErrorType.ERROR, "aborted")));
        };
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
        return new Scheduler<>(
                source, attempter, new ScheduleLimits(width, StartGate.OPEN), policy, outcomes::add, AttemptCounter.NONE, timer);
    }

    private Started next(int index) throws InterruptedException {
        Started next = started.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(index, next == null ? -1 : next.item().index());
        return next;
    }

    private Map<Integer, String> ends() {
        Map<Integer, String> ends = new HashMap<>();
        outcomes.forEach(outcome -> ends.put(
                outcome.index(), outcome.status().text() + (outcome.error() == null ? "" : ": " + outcome.error().message())));
        return ends;
    }

    @Test
    public void aSchedulerStartsWhatIsReadyAndSkipsWhatNeverWillBe() throws Exception {
        var run = scheduler(3, List.of(needs(), needs(), needs(0), needs(1), needs(2, 3), needs(3))).start();
        Started zero = next(0);
        Started one = next(1);
        assertTrue("all others wait, though there is room", started.isEmpty());
        zero.succeed();
        Started two = next(2);
        one.fail();
        two.succeed();
        OutcomeCounts counts = run.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(new OutcomeCounts(2, 1, 0), counts);
        assertEquals(
                Map.of(
                        0, "succeeded",
                        1, "failed: exit code 1",
                        2, "succeeded",
                        3, "skipped: it needs 'item 1', which failed",
                        4, "skipped: it needs 'item 3', which was skipped",
                        5, "skipped: it needs 'item 3', which was skipped"),
                ends());
        assertTrue(started.isEmpty());
    }

    @Test
    public void whatIsLeftOfAStoppedRunIsCancelledAndNotSkipped() throws Exception {
        Scheduler<Item> scheduler = scheduler(2, List.of(needs(), needs(), needs(0), needs(1), needs(2)));
        var run = scheduler.start();
        next(0);
        next(1);
        scheduler.cancel("enough");
        run.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        String cancelled = "cancelled: enough";
        assertEquals(Map.of(0, cancelled, 1, cancelled, 2, cancelled, 3, cancelled, 4, cancelled), ends());
    }
}
