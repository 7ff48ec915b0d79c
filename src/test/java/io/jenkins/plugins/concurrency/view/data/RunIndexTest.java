package io.jenkins.plugins.concurrency.view.data;

import static io.jenkins.plugins.concurrency.view.data.PlantedRun.about;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.command;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.failed;
import static io.jenkins.plugins.concurrency.view.data.PlantedRun.succeeded;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import io.jenkins.plugins.concurrency.engine.journal.BranchPlaces;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RunIndexTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path build;

    @Before
    public void build() {
        build = folder.getRoot().toPath();
    }

    private RunIndex read(PlantedRun run) throws Exception {
        RunIndex index = new RunIndex(run.files());
        index.refresh();
        return index;
    }

    private static TimelineExcerpt.Query everything() {
        return new TimelineExcerpt.Query(0, -1, 0, 64, 1_000);
    }

    private static TableQuery table(String search, String statuses, String errors, String sort, boolean descending) {
        return TableQuery.of(search, statuses, errors, false, sort, descending);
    }

    /** The indexes of the rows that a table shows. */
    private static List<Object> rows(RunIndex run, TableQuery query) {
        List<Object> indexes = new ArrayList<>();
        ((List<?>) run.table(query, 0, 100).get("rows")).forEach(row -> indexes.add(((List<?>) row).get(0)));
        return indexes;
    }

    private static Outcome retried(int index, int firstWorker, int lastWorker) {
        List<Object> tries = List.of(
                Map.of(OutcomeDetail.TRY_START, 0, OutcomeDetail.TRY_MILLIS, 100, OutcomeDetail.TRY_ERROR, "exit", OutcomeDetail.WORKER, firstWorker),
                Map.of(OutcomeDetail.TRY_START, 600, OutcomeDetail.TRY_MILLIS, 150, OutcomeDetail.WORKER, lastWorker));
        Map<String, Object> details = Map.of(OutcomeDetail.WORKER, lastWorker, OutcomeDetail.TRIES, tries);
        return new Outcome(index, "b" + index, OutcomeStatus.SUCCEEDED, null, 2, PlantedRun.START, 750, details);
    }

    @Test
    public void whatIsAppendedIsTakenIn() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 3, 2));
        RunIndex index = read(run);
        assertEquals(0, index.size());
        assertEquals(3, index.summary(true).total());
        assertEquals("running", index.summary(true).state());
        assertEquals("interrupted", index.summary(false).state());
        run.add(succeeded(2, "c", 0, 100, command(1, 0, "")));
        index.refresh();
        assertEquals(1, index.summary(true).succeeded());
        assertEquals(1, ((List<?>) index.timeline(everything()).get("bars")).size());
        run.changeProcess();
        run.add(failed(0, "a", 50, 150, ErrorType.EXIT, "exit code 3", command(2, 3, "oh")));
        run.add(failed(0, "a", 50, 150, ErrorType.LOST, "told twice", Map.of()));
        run.finish(2);
        index.refresh();
        RunTally.Overview end = index.summary(true);
        assertEquals("finished", end.state());
        assertEquals("the journal knows better", 2, end.total());
        assertEquals("the first outcome counts", 1, end.failed());
        assertEquals(Map.of("exit", 1), end.errors());
        assertEquals(200, end.millis());
        assertEquals("100 + 150 of 2 x 200 ms", 0.625, end.busy(), 0.001);
        assertEquals("worker", end.lanes());
        assertArrayEquals(new int[] {0, 2}, index.indexes());
        assertEquals("exit code 3", index.outcome(0).error().message());
        assertNull(index.outcome(1));
        assertNull(index.outcome(-1));
    }

    @Test
    public void showsLimitsThatFindThemselves() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("parallelFetch", "pages", 2, 0));
        run.limits(Map.of("http://a", 4), 0, null).limits(Map.of("http://a", 8), 250, null);
        run.limits(Map.of("http://a", 4), 0, null); // a restarted controller has read it again
        run.limits(Map.of("http://a", 6), 300, "agent1");
        run.add(succeeded(0, "page", 10, 100, Map.of()));
        RunIndex index = read(run);
        List<Object> expected = List.of(
                Map.of("origin", "http://a", "node", "", "points", List.of(List.of(0L, 4), List.of(240L, 8))),
                Map.of("origin", "http://a", "node", "agent1", "points", List.of(List.of(290L, 6))));
        assertEquals("times are those after the first branch began", expected, index.limits());
        assertEquals(expected, index.timeline(everything()).get("limits"));
    }

    @Test
    public void aLongRunOfLimitsHasASmallLine() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("parallelFetch", "pages", 1, 0));
        for (int i = 0; i < 3_000; i++) {
            run.limits(Map.of("http://a", i), i, null);
        }
        for (int i = 0; i < 100; i++) {
            run.limits(Map.of("http://" + i, 4), 5_000, null);
        }
        run.add(succeeded(0, "page", 0, 100, Map.of()));
        List<Object> lines = read(run).limits();
        assertEquals(LimitLines.MAX_LINES, lines.size());
        List<?> points = (List<?>) ((Map<?, ?>) lines.get(0)).get("points");
        assertTrue("" + points.size(), points.size() <= LimitLines.MAX_POINTS);
        assertEquals(List.of(0L, 0), points.get(0));
        assertEquals(List.of(2_999L, 2_999), points.get(points.size() - 1));
    }

    @Test
    public void saysWhatWaitedForWhat() throws Exception {
        List<BranchNeeds> needs = Stream.of(List.<Integer>of(), List.<Integer>of(), List.of(0, 1), List.of(2), List.of(0))
                .map(list -> new BranchNeeds(list, 0))
                .toList();
        RunDescription about = new RunDescription("cpuPool", "graph", 5, 2, PlantedRun.START, needs);
        PlantedRun run = PlantedRun.begin(build, "r", about);
        run.add(succeeded(1, "web", 10, 100, command(2, 0, "")))
                .add(succeeded(0, "api", 0, 300, command(1, 0, "")))
                .add(failed(2, "e2e", 310, 50, ErrorType.EXIT, "exit code 1", command(2, 1, "")))
                .add(Outcome.skipped(3, "deploy", "e2e", OutcomeStatus.FAILED));
        RunIndex index = read(run);
        assertEquals("e2e waited for api, which ended last", List.of(List.of(0, 300L, 1, 310L)), index.links());
        assertEquals(index.links(), index.timeline(everything()).get("links"));
        assertEquals(1, index.summary(true).skipped());
        assertEquals(4, index.summary(true).ended());
        assertEquals("failed, skipped, succeeded", List.of(2, 3, 0, 1), rows(index, TableQuery.ALL));
        assertEquals(List.of(3), rows(index, table("", "skipped", "", "", false)));
        Map<String, Object> e2e = BranchDetail.toJson(index.outcome(2), index.lane(2), index.relatives(2), path -> null);
        assertEquals(
                List.of(Map.of("name", "api", "outcome", "succeeded", "end", 300L), Map.of("name", "web", "outcome", "succeeded", "end", 110L)),
                e2e.get("needs"));
        assertEquals("[deploy]", ((List<?>) e2e.get("neededBy")).stream().map(each -> ((Map<?, ?>) each).get("name")).toList().toString());
        assertEquals("api", e2e.get("waitedFor"));
        assertNull("it never started", index.relatives(3).get("waitedFor"));
        Map<String, Object> api = index.relatives(0);
        assertEquals("4 has not ended", List.of(1, 1), List.of(((List<?>) api.get("neededBy")).size(), api.get("neededByMore")));
    }

    /** A run on one lane: first the branch that all others need, then these, and at last one that needs all of them. */
    private PlantedRun fanOutAndIn(int width) throws Exception {
        List<BranchNeeds> needs = new ArrayList<>(Collections.nCopies(width + 1, new BranchNeeds(List.of(0), 0)));
        needs.set(0, new BranchNeeds(List.of(), 0));
        needs.add(new BranchNeeds(IntStream.rangeClosed(1, width).boxed().toList(), 0));
        RunDescription about = new RunDescription("cpuPool", "graph", width + 2, 1, PlantedRun.START, needs);
        PlantedRun run = PlantedRun.begin(build, "r", about);
        for (int i = 0; i < width + 2; i++) {
            run.add(succeeded(i, "b" + i, i * 10L, 10, command(1, 0, "")));
        }
        return run;
    }

    @Test
    public void theLastOfVeryManyIsKnownAndTheListsSayHowManyTheyLeaveOut() throws Exception {
        RunIndex index = read(fanOutAndIn(150));
        Map<String, Object> last = index.relatives(151);
        assertEquals("b150", last.get("waitedFor"));
        assertEquals("as the timeline says", List.of(0, 1_510L, 0, 1_510L), index.links().get(150));
        assertEquals(List.of(100, 50), List.of(((List<?>) last.get("needs")).size(), last.get("needsMore")));
        assertEquals(List.of(List.of(), 0), List.of(last.get("neededBy"), last.get("neededByMore")));
        Map<String, Object> first = index.relatives(0);
        assertNull(first.get("waitedFor"));
        assertEquals(List.of(100, 50), List.of(((List<?>) first.get("neededBy")).size(), first.get("neededByMore")));
    }

    @Test
    public void noQuestionGoesThroughAllNeeds() {
        int[] looks = {0};
        List<BranchNeeds> chain = new AbstractList<>() {
            @Override
            public BranchNeeds get(int index) {
                looks[0]++;
                return new BranchNeeds(index == 0 ? List.of() : List.of(index - 1), 0);
            }

            @Override
            public int size() {
                return 500;
            }
        };
        BranchRows rows = new BranchRows();
        BranchDependencies dependencies = new BranchDependencies(chain, rows);
        for (int i = 0; i < 500; i++) {
            rows.add(succeeded(i, "b" + i, i * 10L, 10, Map.of()), 0, 1);
            dependencies.ended(i);
        }
        looks[0] = 0;
        assertEquals(499, dependencies.links(PlantedRun.START).size());
        assertEquals("a new version of a timeline asks for them again", 0, looks[0]);
        for (int i = 0; i < 500; i++) {
            assertEquals(i == 0 ? null : "b" + (i - 1), dependencies.of(i, PlantedRun.START).get("waitedFor"));
        }
        assertEquals("a report asks for each branch", 500, looks[0]);
    }

    @Test
    public void aDamagedDescriptionHidesNothingOfTheJournal() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 1, 2));
        Path described = build.resolve("concurrency/r/description.json");
        Files.writeString(described, Files.readString(described).substring(0, 10));
        run.add(retried(0, 2, 1)).finish(1);
        RunIndex index = read(run);
        assertEquals("finished", index.summary(false).state());
        assertEquals(1, index.size());
        BranchNeeds odd = new BranchNeeds(List.of(7), 0);
        run.files().writeDescription(new RunDescription("cpuPool", "thumbs", 1, 2, PlantedRun.START, List.of(odd)));
        assertEquals("a branch that is not there", Map.of(), read(run).relatives(0));
    }

    @Test
    public void eachAttemptIsInTheLaneOfItsWorkerAndPausesAreNoWork() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 1, 2));
        run.add(retried(0, 2, 1)).finish(1);
        RunIndex index = read(run);
        List<?> bars = (List<?>) index.timeline(everything()).get("bars");
        assertEquals(List.of(1, 0L, 100L, TimelineBars.RETRIED, 0), bars.get(0));
        assertEquals(List.of(0, 600L, 150L, OutcomeStatus.SUCCEEDED.ordinal(), 0), bars.get(1));
        assertEquals(2, bars.size());
        assertEquals(1, index.summary(false).retried());
        assertEquals("250 of 2 x 750 ms", 250 / 1_500.0, index.summary(false).busy(), 0.001);
    }

    @Test
    public void workersOfSeveralNodesHaveLanesOfTheirOwnWithNames() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 3, 4));
        run.add(succeeded(0, "a", 0, 100, Map.of(OutcomeDetail.WORKER, 2, OutcomeDetail.NODE, "left")))
                .add(succeeded(1, "b", 0, 150, Map.of(OutcomeDetail.WORKER, 2, OutcomeDetail.NODE, "right")))
                .add(succeeded(2, "c", 100, 50, Map.of(OutcomeDetail.WORKER, 2, OutcomeDetail.NODE, "left")))
                .finish(3);
        RunIndex index = read(run);
        assertEquals(List.of("left/2", "right/2"), index.timeline(everything()).get("names"));
        assertEquals(1, index.lane(2));
        assertEquals(2, index.lane(1));
        assertEquals(2, index.lanes());
    }

    @Test
    public void withoutWorkersAttemptsAndPausesAreInOneLane() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("parallelFetch", "pages", 2, 64));
        run.add(retried(0, 0, 0)).add(succeeded(1, "b1", 200, 600, Map.of())).finish(2);
        RunIndex index = read(run);
        List<?> bars = (List<?>) index.timeline(everything()).get("bars");
        assertTrue(bars.toString(), bars.contains(List.of(0, 0L, 750L, TimelineBars.SPAN, 0)));
        assertTrue(bars.toString(), bars.contains(List.of(1, 200L, 600L, OutcomeStatus.SUCCEEDED.ordinal(), 1)));
        assertEquals("connection", index.summary(false).lanes());
        assertEquals("no more than there are branches", 2, index.summary(false).slots());
    }

    @Test
    public void aBranchThatNeverStartedHasNoBar() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 1, 2));
        run.add(PlantedRun.cancelled(0, "late", "failFast: 'bad' failed")).finish(1);
        RunIndex index = read(run);
        assertEquals(List.of(), index.timeline(everything()).get("bars"));
        assertEquals(1, index.summary(false).cancelled());
        assertEquals("failFast: 'bad' failed", index.summary(false).stopped());
        assertEquals(0, index.summary(false).millis());
    }

    @Test
    public void failedOnesComeFirstAndTheRestAsTheyWereGiven() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 5, 2));
        run.add(succeeded(3, "d", 0, 30, Map.of()))
                .add(PlantedRun.cancelled(1, "b", "enough"))
                .add(failed(4, "E", 5, 10, ErrorType.TIMEOUT, "Too Slow", Map.of()))
                .add(succeeded(0, "a", 10, 20, Map.of()))
                .add(failed(2, "c", 20, 40, ErrorType.EXIT, "exit code 1", Map.of()))
                .finish(5);
        RunIndex index = read(run);
        assertEquals(List.of(2, 4, 1, 0, 3), rows(index, TableQuery.ALL));
        assertEquals(List.of(4, 3, 2, 1, 0), rows(index, table("", "", "", "name", true)));
        assertEquals(List.of(2, 3, 0, 4, 1), rows(index, table("", "", "", "duration", true)));
        assertEquals(List.of(3, 4, 0, 2), rows(index, table("", "failed,succeeded", "", "start", false)));
        assertEquals("in messages, either case", List.of(4), rows(index, table("too sLOW", "", "", "", false)));
        assertEquals(List.of(2), rows(index, table("", "", "exit", "", false)));
        assertEquals(List.of(), rows(index, table("zzz", "", "", "", false)));
        Map<String, Object> page = index.table(TableQuery.ALL, 1, 2);
        assertEquals(5, page.get("total"));
        assertEquals(5, page.get("matching"));
        assertEquals(2, ((List<?>) page.get("rows")).size());
        assertThrows(IllegalArgumentException.class, () -> table("", "odd", "", "", false));
        assertThrows(IllegalArgumentException.class, () -> table("", "", "", "colour", false));
    }

    @Test
    public void manyBarsAreFewAndNoFailureIsLost() throws Exception {
        int branches = 20_000;
        PlantedRun run = PlantedRun.begin(build, "r", about("parallelFetch", "pages", branches, 8));
        int failures = 0;
        for (int i = 0; i < branches; i++) {
            long start = i / 8 * 10L;
            if (i % 1_000 == 7) {
                failures++;
                run.add(failed(i, "b" + i, start, 9, ErrorType.STATUS, "HTTP 500", Map.of()));
            } else {
                run.add(succeeded(i, "b" + i, start, 9, Map.of()));
            }
        }
        run.finish(branches);
        List<?> bars = (List<?>) read(run).timeline(everything()).get("bars");
        int counted = 0;
        int countedFailed = 0;
        for (Object each : bars) {
            List<?> bar = (List<?>) each;
            boolean many = bar.size() > 5;
            counted += many ? (Integer) bar.get(5) : 1;
            countedFailed += many ? (Integer) bar.get(6) : bar.get(3).equals(1) ? 1 : 0;
        }
        assertTrue(bars.size() + " bars", bars.size() < 6_000);
        assertEquals(branches, counted);
        assertEquals(failures, countedFailed);
        Map<String, Object> part = read(run).timeline(new TimelineExcerpt.Query(100, 200, 0, 64, 1_000));
        assertTrue("single bars where there is room for them", ((List<?>) part.get("bars")).size() <= 8 * 12);
        assertTrue(((List<?>) part.get("bars")).stream().allMatch(bar -> ((List<?>) bar).size() == 5));
    }

    @Test
    public void aJournalThatIsSpoiledHidesNeitherItsBeginningNorOtherRuns() throws Exception {
        PlantedRun spoiled = PlantedRun.begin(build, "a", about("cpuPool", "spoiled", 3, 1));
        spoiled.add(succeeded(0, "a", 0, 5, Map.of())).close();
        Files.writeString(spoiled.files().journal(), "no journal\n", StandardOpenOption.APPEND);
        PlantedRun.begin(build, "b", about("cpuPool", "whole", 1, 1)).finish(0);
        BuildRuns runs = new BuildRuns(build);
        runs.refresh(true);
        RunTally.Overview summary = runs.get("a").summary(true);
        assertEquals("interrupted", summary.state());
        assertTrue(summary.failure(), summary.failure().startsWith("the rest of the journal can't be read"));
        assertEquals(1, summary.succeeded());
        assertEquals("finished", runs.get("b").summary(true).state());
    }

    @Test
    public void runsWithoutAboutAndOddFoldersAreNoProblem() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "old", about("cpuPool", "thumbs", 1, 1));
        run.add(succeeded(0, "a", 0, 5, Map.of())).finish(1);
        Files.delete(run.files().description());
        Files.createDirectory(build.resolve("concurrency/not a run"));
        BuildRuns runs = new BuildRuns(build);
        runs.refresh(false);
        assertEquals(1, runs.all().size());
        assertEquals("run old", runs.all().get(0).summary(false).name());
        assertNull(new RunIndex(run.files()).outcome(0)); // nothing has been taken in
        BranchError none = runs.all().get(0).outcome(0).error();
        assertNull(none);
    }

    @Test
    public void aLastLineAfterTheBuildsEndIsTakenIn() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 1, 1));
        run.add(succeeded(0, "a", 0, 5, Map.of()));
        BuildRuns runs = new BuildRuns(build);
        runs.refresh(false);
        assertEquals("interrupted", runs.get("r").summary(false).state());
        run.finish(1);
        Await.until("a look for what is new", () -> {
            runs.refresh(false);
            return runs.get("r").isOver();
        });
        assertEquals("finished", runs.get("r").summary(false).state());
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    public void whatABadJournalSaysTakesNoMoreMemoryThanItsLines() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", -1, 0));
        String large = "x".repeat(1_000);
        for (int i = 0; i < 100; i++) {
            Map<String, Object> details = Map.of(OutcomeDetail.WORKER, Integer.MAX_VALUE - i, OutcomeDetail.NODE, i + large);
            run.add(succeeded(BranchPlaces.MAX_BRANCHES - 1 - i * 1_000, large, 0, 1, details));
            run.add(new Outcome(i, "late", OutcomeStatus.SUCCEEDED, null, 1, 0, Long.MAX_VALUE - i, Map.of()));
        }
        RunIndex index = new RunIndex(run.files());
        long before = allocated();
        index.refresh();
        long taken = allocated() - before;
        assertTrue(taken + " bytes", taken < 20 << 20);
        assertEquals(200, index.size());
        index.timeline(everything());
    }

    @Test
    public void whatThereIsNoRoomForIsCounted() throws Exception {
        PlantedRun run = PlantedRun.begin(build, "r", about("cpuPool", "thumbs", 5, 1));
        for (int i = 0; i < 5; i++) {
            run.add(succeeded(i, "b" + i, i, 1, Map.of()));
        }
        run.add(succeeded(4, "again", 9, 1, Map.of()));
        AtomicInteger room = new AtomicInteger(3);
        RunIndex index = new RunIndex(run.files(), room);
        index.refresh();
        assertEquals(3, index.size());
        assertEquals(5, index.summary(false).succeeded());
        assertEquals(5, index.summary(false).total());
        Map<String, Object> page = index.table(TableQuery.ALL, 0, 10);
        assertEquals(List.of(5, 3), List.of(page.get("total"), page.get("matching")));
        List<String> all = new ArrayList<>();
        index.forEach((outcome, lane) -> all.add(outcome.name()));
        assertEquals("downloads have all", List.of("b0", "b1", "b2", "b3", "b4"), all);
        assertEquals(0, room.get());
    }
}
