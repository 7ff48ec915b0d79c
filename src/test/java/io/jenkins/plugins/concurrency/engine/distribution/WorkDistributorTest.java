package io.jenkins.plugins.concurrency.engine.distribution;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class WorkDistributorTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Outcome> ended = new ArrayList<>();
    private WorkDistributor distributor;

    private WorkDistributor open(int total, int nodes, boolean failFast, List<Feed.Line> had) throws Exception {
        return open(total, nodes, failFast ? FailFast.FIRST : FailFast.NEVER, had, List.of());
    }

    private WorkDistributor open(int total, int nodes, FailFast failFast, List<Feed.Line> had, List<BranchNeeds> needs) throws Exception {
        RunFiles files = new RunFiles(folder.getRoot().toPath());
        BranchSettings policy = new BranchSettings(failFast, RetryPolicy.none(), Duration.ZERO, 0);
        RunSpec spec = new RunSpec(
                "test", policy, new WorkSpec.Pool(new PoolSettings(0, "echo {}", null, "")).with(needs), List.of(), RunLimits.NONE);
        RunInputs.write(files, IntStream.range(0, total).mapToObj(i -> Map.of("name", "b" + i, "input", i)));
        distributor = new DistributionFiles(files, spec, total)
                .open(nodes, JournalIndex.read(files.journal()), had, ended::add);
        return distributor;
    }

    private static Outcome success(Feed.Line line, long millis) {
        return new Outcome(
                line.index(), "b" + line.index(), OutcomeStatus.SUCCEEDED, null, line.attempts() + 1, 1, millis, Map.of());
    }

    private static Outcome failure(Feed.Line line, OutcomeStatus status) {
        BranchError error = new BranchError(
                status == OutcomeStatus.FAILED ? ErrorType.EXIT : ErrorType.CANCELLED, "for the test");
        return new Outcome(line.index(), "b" + line.index(), status, error, 1, 1, 1, Map.of());
    }

    private List<Integer> indexes() {
        return ended.stream().map(Outcome::index).sorted().toList();
    }

    private void assertEachOnce(int total) {
        assertEquals(IntStream.range(0, total).boxed().toList(), indexes());
        assertTrue(distributor.isOver());
        assertEquals(0, distributor.pending());
    }

    @Test
    public void aNodeBeginsWithAsMuchAsItDoesAtOnce() throws Exception {
        open(100, 2, false, List.of());
        distributor.join("p1", "one", 4);
        assertEquals(4, distributor.assign("p1").size());
        assertEquals(List.of(), distributor.assign("p1"));
        assertEquals(96, distributor.pending());
    }

    @Test
    public void whatOneNodeHasDoneIsThereForWhatAnotherDoes() throws Exception {
        List<BranchNeeds> needs = Stream.of(List.<Integer>of(), List.<Integer>of(), List.of(0, 1), List.of(2))
                .map(list -> new BranchNeeds(list, 0))
                .toList();
        open(4, 2, FailFast.NEVER, List.of(), needs);
        distributor.join("p1", "one", 1);
        distributor.join("p2", "two", 4);
        Feed.Line zero = distributor.assign("p1").get(0);
        Feed.Line one = distributor.assign("p2").get(0);
        assertEquals("the others wait", List.of(), distributor.assign("p2"));
        assertEquals("and no node is given back meanwhile", 2, distributor.pending());
        distributor.ended("p1", success(zero, 10));
        distributor.ended("p2", success(one, 10));
        Feed.Line two = distributor.assign("p2").get(0);
        assertEquals(2, two.index());

        open(4, 2, FailFast.NEVER, List.of(two), needs); // the controller has restarted, and knows of the first two no more
        distributor.rejoin("p2", "two", 4, List.of(two));
        distributor.ended("p2", failure(two, OutcomeStatus.FAILED));
        assertEquals(OutcomeStatus.SKIPPED, ended.get(ended.size() - 1).status());
        assertEquals("it needs 'b2', which failed", ended.get(ended.size() - 1).error().message());
        distributor.cancel("for the test");
        assertTrue(distributor.isOver());
    }

    @Test
    public void aQuickNodeGetsMoreAheadAndASlowOneNothing() throws Exception {
        open(10_000, 2, false, List.of());
        distributor.join("quick", "quick", 2);
        distributor.join("slow", "slow", 2);
        for (Feed.Line line : distributor.assign("quick")) {
            distributor.ended("quick", success(line, 10));
        }
        assertEquals("two seconds of work for two workers", 402, distributor.assign("quick").size());
        for (Feed.Line line : distributor.assign("slow")) {
            distributor.ended("slow", success(line, 5_000));
        }
        assertEquals(2, distributor.assign("slow").size());
    }

    @Test
    public void atTheEndNobodyGetsMuchAhead() throws Exception {
        open(44, 2, false, List.of());
        distributor.join("p1", "one", 2);
        for (Feed.Line line : distributor.assign("p1")) {
            distributor.ended("p1", success(line, 1));
        }
        assertEquals("a quarter of the rest", 2 + 10, distributor.assign("p1").size());
    }

    @Test
    public void whatMustWaitForOthersIsNoReasonToGetMuchAhead() throws Exception {
        List<BranchNeeds> needs = IntStream.range(0, 1_000)
                .mapToObj(i -> new BranchNeeds(i < 44 ? List.of() : List.of(0), 0))
                .toList();
        open(1_000, 2, FailFast.NEVER, List.of(), needs);
        distributor.join("p1", "one", 2);
        distributor.join("p2", "two", 1);
        assertEquals(0, distributor.assign("p2").get(0).index());
        for (Feed.Line line : distributor.assign("p1")) {
            distributor.ended("p1", success(line, 1));
        }
        assertEquals("a quarter of the 41 that may start", 2 + 10, distributor.assign("p1").size());
    }

    @Test
    public void whatADeadNodeHadGoesToOthersAndWhatWasUnderWayCountsAnAttempt() throws Exception {
        open(1_000, 2, false, List.of());
        distributor.join("p1", "one", 2);
        for (Feed.Line line : distributor.assign("p1")) {
            distributor.ended("p1", success(line, 100));
        }
        List<Feed.Line> had = distributor.assign("p1");
        assertTrue("some ahead", had.size() > 10);
        distributor.leave("p1", true);
        distributor.ended("p1", success(had.get(0), 1));
        assertEquals("nobody listens to the dead", 2, ended.size());
        distributor.join("p2", "two", 3);
        List<Feed.Line> next = distributor.assign("p2");
        assertEquals(had.subList(0, 3).stream().map(Feed.Line::index).toList(),
                next.stream().map(Feed.Line::index).toList());
        assertEquals(List.of(1, 1, 0), next.stream().map(Feed.Line::attempts).toList());
        distributor.ended("p2", success(next.get(0), 1));
        assertEquals(2, ended.get(2).attempts());
        distributor.close();
        open(1_000, 2, false, List.of());
        distributor.join("p1", "one", 3);
        assertEquals("also after a restart", List.of(0, 0, 1), distributor.assign("p1").stream().map(Feed.Line::attempts).toList());
        assertEquals("two", ended.get(2).details().get(OutcomeDetail.NODE));
    }

    @Test
    public void whatWasThroughOnADeadNodeButHadFilesToComeCountsAnAttemptToo() throws Exception {
        open(100, 1, false, List.of());
        distributor.join("p1", "one", 1);
        for (Feed.Line line : distributor.assign("p1")) {
            distributor.ended("p1", success(line, 100));
        }
        List<Feed.Line> had = distributor.assign("p1");
        distributor.awaitsFiles("p1", had.get(0).index());
        distributor.awaitsFiles("p1", had.get(1).index());
        distributor.leave("p1", true);
        distributor.join("p2", "two", 5);
        assertEquals(
                "two that were through, one under way",
                List.of(1, 1, 1, 0, 0),
                distributor.assign("p2").stream().map(Feed.Line::attempts).toList());
    }

    @Test
    public void aBranchThatThreeNodesDiedOfIsLost() throws Exception {
        open(2, 1, false, List.of());
        for (int i = 1; i <= 3; i++) {
            distributor.join("p" + i, "n", 1);
            assertEquals(0, distributor.assign("p" + i).get(0).index());
            distributor.leave("p" + i, true);
        }
        assertEquals(ErrorType.LOST, ended.get(0).error().type());
        assertEquals(3, ended.get(0).attempts());
        distributor.join("p4", "n", 1);
        assertEquals(1, distributor.assign("p4").get(0).index());
    }

    @Test
    public void whatANodeStopsByItselfIsDoneByOthers() throws Exception {
        open(1, 2, false, List.of());
        distributor.join("p1", "one", 1);
        Feed.Line line = distributor.assign("p1").get(0);
        distributor.ended("p1", failure(line, OutcomeStatus.CANCELLED));
        assertEquals(List.of(), ended);
        distributor.leave("p1", false);
        distributor.join("p2", "two", 1);
        assertEquals(0, distributor.assign("p2").get(0).attempts());
    }

    @Test
    public void aFailureBudgetIsThatOfAllNodesTogether() throws Exception {
        open(10, 2, new FailFast(2, 0, true), List.of(), List.of());
        distributor.join("one", "n1", 1);
        distributor.join("two", "n2", 1);
        List<Feed.Line> first = distributor.assign("one");
        List<Feed.Line> second = distributor.assign("two");
        distributor.ended("one", failure(first.get(0), OutcomeStatus.FAILED));
        assertEquals(null, distributor.cancelReason());
        distributor.ended("two", failure(second.get(0), OutcomeStatus.FAILED));
        assertEquals("failFast: 'b" + second.get(0).index() + "' failed, failure 2 of 2", distributor.cancelReason());
        assertEquals("what runs may end", true, distributor.isHalted());
        distributor.cancel("the build was stopped");
        assertEquals(false, distributor.isHalted());
    }

    @Test
    public void whatNeedsTheFailureThatStopsTheRestIsSkipped() throws Exception {
        BranchNeeds none = new BranchNeeds(List.of(), 0);
        open(3, 1, FailFast.FIRST, List.of(), List.of(none, none, new BranchNeeds(List.of(0), 0)));
        distributor.join("p1", "one", 1);
        distributor.ended("p1", failure(distributor.assign("p1").get(0), OutcomeStatus.FAILED));
        distributor.leave("p1", false);
        assertEquals(
                Map.of(0, OutcomeStatus.FAILED, 1, OutcomeStatus.CANCELLED, 2, OutcomeStatus.SKIPPED),
                ended.stream().collect(Collectors.toMap(Outcome::index, Outcome::status)));
    }

    @Test
    public void failFastCancelsWhatNoNodeHasAndTakesWhatNodesSay() throws Exception {
        open(10, 2, true, List.of());
        distributor.join("p1", "one", 2);
        distributor.join("p2", "two", 2);
        List<Feed.Line> first = distributor.assign("p1");
        List<Feed.Line> second = distributor.assign("p2");
        distributor.ended("p1", failure(first.get(0), OutcomeStatus.FAILED));
        assertEquals("failFast: 'b0' failed", distributor.cancelReason());
        assertEquals(7, ended.size());
        assertEquals(List.of(), distributor.assign("p1"));
        distributor.ended("p1", failure(first.get(1), OutcomeStatus.CANCELLED));
        distributor.ended("p2", success(second.get(0), 1));
        assertFalse(distributor.isOver());
        distributor.leave("p2", false);
        assertEachOnce(10);
    }

    @Test
    public void whatNodesHadBeenToldBeforeARestartIsNotHandedOutAgain() throws Exception {
        List<Feed.Line> told = List.of(new Feed.Line(0, 0, Map.of("name", "b0")), new Feed.Line(2, 1, Map.of("name", "b2")));
        open(4, 2, false, told);
        distributor.rejoin("p1", "one", 2, told);
        assertEquals(2, distributor.pending());
        assertFalse(distributor.isIdle("p1"));
        distributor.join("p2", "two", 4);
        assertEquals(List.of(1, 3), distributor.assign("p2").stream().map(Feed.Line::index).toList());
        distributor.leave("p1", true);
        assertEquals(List.of(0, 2), distributor.assign("p2").stream().map(Feed.Line::index).toList());
    }

    @Test
    public void whatIsGivenUpIsLost() throws Exception {
        open(5, 1, false, List.of());
        distributor.join("p1", "one", 2);
        distributor.assign("p1");
        distributor.markRestLost("there is nobody");
        assertEachOnce(5);
        assertEquals("there is nobody", ended.get(4).error().message());
    }

    @Test
    public void whateverHappensEachBranchEndsOnce() throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            ended.clear();
            anything(new Random(seed));
        }
    }

    private void anything(Random random) throws Exception {
        int total = 1 + random.nextInt(300);
        open(total, 4, random.nextInt(4) == 0, List.of());
        List<String> nodes = new ArrayList<>();
        List<List<Feed.Line>> has = new ArrayList<>();
        for (int step = 0; !distributor.isOver(); step++) {
            assertTrue("it comes to an end", step < 100_000);
            int chosen = nodes.isEmpty() ? -1 : random.nextInt(nodes.size());
            switch (random.nextInt(chosen < 0 ? 1 : 40)) {
                case 0 -> {
                    if (nodes.size() < 4) {
                        distributor.join("p" + step, "n", 1 + random.nextInt(4));
                        nodes.add("p" + step);
                        has.add(new ArrayList<>());
                    }
                }
                case 1 -> {
                    distributor.leave(nodes.remove(chosen), random.nextBoolean());
                    has.remove(chosen);
                }
                default -> {
                    has.get(chosen).addAll(distributor.assign(nodes.get(chosen)));
                    if (!has.get(chosen).isEmpty()) {
                        Feed.Line line = has.get(chosen).remove(0);
                        boolean fails = random.nextInt(50) == 0;
                        Outcome outcome = fails ? failure(line, OutcomeStatus.FAILED) : success(line, random.nextInt(200));
                        distributor.ended(nodes.get(chosen), outcome);
                        distributor.ended(nodes.get(chosen), outcome);
                    }
                }
            }
        }
        assertEachOnce(total);
    }
}
