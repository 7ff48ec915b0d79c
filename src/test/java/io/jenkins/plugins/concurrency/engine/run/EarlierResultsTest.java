package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchBranch;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchNeeds;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs that reuse what an earlier one has done. */
public class EarlierResultsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer(this::answer);

    /** Of no other run on this machine: its processes are found by it. */
    private final String id = UUID.randomUUID().toString();

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final HttpReactor reactor = new HttpReactor();
    private Path workspace;
    private Path earlier;

    /** What a process of the next run has done before it was killed. */
    private List<Outcome> hadEnded = List.of();

    @Before
    public void prepare() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        workspace = folder.newFolder("workspace").toPath();
    }

    @After
    public void close() {
        reactor.close();
        timer.shutdownNow();
    }

    /** What is missing is there when it is asked for again. */
    private void answer(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        String path = request.path();
        boolean missing = path.contains("missing") && server.requestsFor(path) == 1;
        to.respond(missing ? 404 : 200, "page " + path);
    }

    /** Does a run on what the one before has done. */
    private JournalIndex run(WorkSpec work, List<Map<String, Object>> branches) throws Exception {
        RunFiles files = new RunFiles(folder.newFolder().toPath());
        RunInputs.write(files, id, RunInputs.ONCE, work, branches.stream());
        if (earlier != null) {
            Files.copy(earlier, files.earlier());
        }
        try (JournalWriter journal = new JournalWriter(files.journal())) {
            for (Outcome outcome : hadEnded) {
                journal.append(new JournalEntry.Ended(outcome));
            }
        }
        hadEnded = List.of();
        earlier = files.journal();
        int total = new RunExecutor(files, timer, () -> reactor, outcome -> {})
                .start()
                .toCompletableFuture()
                .get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)
                .total();
        assertEquals(branches.size(), total);
        JournalIndex journal = JournalIndex.read(files.journal());
        assertEquals("each branch has one outcome", total, journal.ended());
        return journal;
    }

    private JournalIndex commands(String... inputs) throws Exception {
        List<Map<String, Object>> branches = new ArrayList<>();
        for (String input : inputs) {
            branches.add(Map.of("name", "task " + branches.size(), "input", input));
        }
        String template = "echo {} >> done; echo out of {}; test {} != bad || test -e mended";
        return run(new WorkSpec.Pool(new PoolSettings(1, template, null, workspace.toString())), branches);
    }

    private JournalIndex fetches(String toDir, String... paths) throws Exception {
        return run(new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(workspace.toString(), toDir, 0)), null), urls(paths));
    }

    private List<Map<String, Object>> urls(String... paths) {
        List<Map<String, Object>> branches = new ArrayList<>();
        for (String path : paths) {
            branches.add(Map.of("name", path + branches.size(), "url", server.url(path)));
        }
        return branches;
    }

    private List<String> done() throws IOException {
        List<String> done = Files.readAllLines(workspace.resolve("done"));
        Files.delete(workspace.resolve("done"));
        return done.stream().sorted().toList();
    }

    private static boolean isReused(Outcome outcome) {
        return Boolean.TRUE.equals(outcome.details().get(OutcomeDetail.REUSED));
    }

    @Test
    public void onlyWhatIsNewOrHasFailedRuns() throws Exception {
        commands("a", "bad", "c");
        assertEquals(List.of("a", "bad", "c"), done());
        Files.createFile(workspace.resolve("mended"));
        JournalIndex journal = commands("c", "bad", "new", "a");
        assertEquals(List.of("bad", "new"), done());
        assertEquals(4, journal.count(OutcomeStatus.SUCCEEDED));
        Outcome c = journal.outcome(0);
        assertTrue(isReused(c));
        assertEquals("out of c", c.value());
        assertEquals("it is called what it is called now", "task 0", c.name());
        assertEquals("not begun in this run", 0, c.attempts());
        assertFalse(isReused(journal.outcome(1)));
        assertEquals(4, commands("a", "bad", "c", "new").count(OutcomeStatus.SUCCEEDED));
        assertFalse("what was reused can be reused again", Files.exists(workspace.resolve("done")));
    }

    private JournalIndex chain(String first, String last) throws Exception {
        List<BranchNeeds> needs = Stream.of(List.<Integer>of(), List.of(0), List.of(1))
                .map(list -> new BranchNeeds(list, 0))
                .toList();
        List<Map<String, Object>> branches = new ArrayList<>();
        for (String command : List.of(first, "echo middle >> done", last)) {
            branches.add(Map.of("name", "task " + branches.size(), "command", command));
        }
        PoolSettings settings = new PoolSettings(2, null, null, workspace.toString());
        return run(new WorkSpec.Pool(settings).with(needs), branches);
    }

    @Test
    public void whatIsReusedCountsForThoseThatNeedItAndWhatHasToRunAgainDoesNot() throws Exception {
        String last = "echo last >> done; test -e mended";
        assertEquals(1, chain("echo first >> done", last).count(OutcomeStatus.FAILED));
        assertEquals(List.of("first", "last", "middle"), done());
        Files.createFile(workspace.resolve("mended"));
        assertEquals(3, chain("echo first >> done", last).count(OutcomeStatus.SUCCEEDED));
        assertEquals("its needs were reused", List.of("last"), done());
        assertEquals(3, chain("echo changed >> done", last).count(OutcomeStatus.SUCCEEDED));
        assertEquals("what needs a changed one is not the same", List.of("changed", "last", "middle"), done());
    }

    @Test
    public void aRunGoesOnWithWhatIsLeftOfItsNeeds() throws Exception {
        RunFiles files = new RunFiles(folder.newFolder().toPath());
        List<BranchNeeds> needs = Stream.of(List.<Integer>of(), List.<Integer>of(), List.of(0), List.of(1), List.of(2, 3))
                .map(list -> new BranchNeeds(list, 0))
                .toList();
        WorkSpec.Pool work = new WorkSpec.Pool(new PoolSettings(2, "echo {} >> done", null, workspace.toString())).with(needs);
        RunInputs.write(files, id, RunInputs.ONCE, work, RunInputs.named("a", "b", "c", "d", "e"));
        try (JournalWriter journal = new JournalWriter(files.journal())) { // of a process that was killed then
            journal.append(new JournalEntry.Started(id, 1));
            journal.append(new JournalEntry.Ended(new Outcome(0, "a", OutcomeStatus.SUCCEEDED, null, 1, 1, 1, Map.of())));
            journal.append(new JournalEntry.Ended(Outcome.lost(1, "b", "for the test")));
        }
        new RunExecutor(files, timer, () -> reactor, outcome -> {}).start().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals("a had succeeded", List.of("c"), done());
        JournalIndex journal = JournalIndex.read(files.journal());
        assertEquals(2, journal.count(OutcomeStatus.SKIPPED));
        assertEquals("it needs 'b', which failed", journal.outcome(3).error().message());
        assertEquals("it needs 'd', which was skipped", journal.outcome(4).error().message());
        assertEquals(5, journal.finished().total());
    }

    @Test
    public void whatNeedsACancelledBranchIsCancelledInTheNextProcessToo() throws Exception {
        for (FailFast failFast : List.of(FailFast.FIRST, FailFast.NEVER)) {
            RunFiles files = new RunFiles(folder.newFolder().toPath());
            List<BranchNeeds> needs = List.of(
                    new BranchNeeds(List.of(), 0), new BranchNeeds(List.of(), 0), new BranchNeeds(List.of(1), 0));
            WorkSpec work = new WorkSpec.Pool(new PoolSettings(2, "echo {} >> done", null, workspace.toString())).with(needs);
            RunInputs.write(files, id, new BranchSettings(failFast, RetryPolicy.none(), Duration.ZERO, 0), work, RunInputs.named("a", "b", "c"));
            BranchError stopped = new BranchError(ErrorType.CANCELLED, "for the test");
            try (JournalWriter journal = new JournalWriter(files.journal())) { // of a process that was killed then
                journal.append(new JournalEntry.Started(id, 1));
                journal.append(new JournalEntry.Ended(Outcome.lost(0, "a", "for the test")));
                journal.append(new JournalEntry.Ended(new Outcome(1, "b", OutcomeStatus.CANCELLED, stopped, 1, 1, 1, Map.of())));
            }
            new RunExecutor(files, timer, () -> reactor, outcome -> {}).start().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            Outcome last = JournalIndex.read(files.journal()).outcome(2);
            assertEquals(OutcomeStatus.CANCELLED, last.status());
            assertEquals(failFast == FailFast.FIRST ? "failFast: 'a' failed" : "the run was stopped", last.error().message());
        }
    }

    @Test
    public void eachResultCountsForOneBranch() throws Exception {
        commands("a", "a");
        done();
        commands("a", "a", "a");
        assertEquals(List.of("a"), done());
    }

    @Test
    public void aResultThatWasUsedBeforeARestartIsNotUsedAgain() throws Exception {
        commands("a");
        done();
        Outcome reused = commands("a").outcome(0);
        hadEnded = List.of(reused);
        assertFalse(isReused(commands("a", "a").outcome(1)));
        assertEquals(List.of("a"), done());
    }

    @Test
    public void whatNeedsABranchThatRanBeforeARestartRunsToo() throws Exception {
        chain("echo first >> done", "echo last >> done");
        done();
        hadEnded = List.of(new Outcome(0, "task 0", OutcomeStatus.SUCCEEDED, null, 1, 1, 1, Map.of()));
        chain("echo changed >> done", "echo last >> done");
        assertEquals(List.of("last", "middle"), done());
    }

    @Test
    public void theNumberIsPartOfWhatIsProcessedIfItsCommandSeesIt() throws Exception {
        FetchSettings settings = FetchSettings.standard(new BodyStorage(workspace.toString(), "pages", 0));
        PoolSettings pool = new PoolSettings(1, "echo {#} >> done", null, workspace.toString());
        WorkSpec work = new WorkSpec.Fetch(settings, null, new ProcessingSpec(pool, RunInputs.ONCE));
        Map<String, Object> second = Map.of("name", "x", "url", server.url("/a"), "file", "x");
        run(work, List.of(second));
        run(work, List.of(Map.of("name", "new", "url", server.url("/a"), "file", "new"), second));
        assertEquals(List.of("1", "1", "2"), done());
    }

    @Test
    public void anotherCommandRunsAgain() throws Exception {
        commands("a");
        done();
        PoolSettings other = new PoolSettings(1, "echo other {} >> done", null, workspace.toString());
        run(new WorkSpec.Pool(other), List.of(Map.of("name", "task 0", "input", "a")));
        assertEquals(List.of("other a"), done());
    }

    @Test
    public void theNumberOfATaskIsPartOfItIfItsCommandSeesIt() throws Exception {
        WorkSpec numbered = new WorkSpec.Pool(new PoolSettings(1, "echo {#} {} >> done", null, workspace.toString()));
        run(numbered, List.of(Map.of("name", "x", "input", "x"), Map.of("name", "y", "input", "y")));
        done();
        run(numbered, List.of(Map.of("name", "y", "input", "y"), Map.of("name", "x", "input", "x")));
        assertEquals(List.of("1 y", "2 x"), done());
    }

    @Test
    public void filesAreLookedAtBeforeTheyAreBelieved() throws Exception {
        fetches("pages", "/same", "/gone", "/shorter", "/other", "/missing");
        int before = server.requests.size();
        Files.delete(workspace.resolve("pages/gone"));
        Files.writeString(workspace.resolve("pages/shorter"), "page");
        Files.writeString(workspace.resolve("pages/other"), "PAGE /other");
        JournalIndex journal = fetches("pages", "/same", "/gone", "/shorter", "/other", "/missing");
        assertEquals(
                List.of("/gone", "/missing", "/other", "/shorter"),
                server.paths().stream().skip(before).sorted().toList());
        assertEquals(5, journal.count(OutcomeStatus.SUCCEEDED));
        assertTrue(isReused(journal.outcome(0)));
        assertEquals("pages/same", journal.outcome(0).value());
        assertEquals("page /other", Files.readString(workspace.resolve("pages/other")));
    }

    @Test
    public void aFileThatIsALinkNowIsNotBelieved() throws Exception {
        fetches("pages", "/a");
        Path elsewhere = folder.getRoot().toPath().resolve("elsewhere");
        Files.move(workspace.resolve("pages/a"), elsewhere);
        Files.createSymbolicLink(workspace.resolve("pages/a"), elsewhere);
        fetches("pages", "/a");
        assertEquals(List.of("/a", "/a"), server.paths());
    }

    @Test
    public void theOrderOfWhatHasNoOrderDoesNotMatter() {
        List<String> definitions = new ArrayList<>();
        for (List<String> names : List.of(List.of("A", "B"), List.of("B", "A"))) {
            Map<String, String> headers = new LinkedHashMap<>();
            Map<String, Object> input = new LinkedHashMap<>();
            for (String name : names) {
                headers.put(name, "of " + name);
                input.put(name, List.of(Map.of(name, 1)));
            }
            FetchSettings standard = FetchSettings.standard(new BodyStorage(null, null, 0));
            FetchSettings settings = RunInputs.with(standard, new RequestDefaults("GET", headers, null, StatusRanges.parse("200")));
            WorkSpec.Pool pool = new WorkSpec.Pool(new PoolSettings(1, null, "input", "workspace"));
            definitions.add(ReuseKeys.of(new WorkSpec.Fetch(settings, null)).of(FetchBranch.of(0, "http://h/"))
                    + ReuseKeys.of(pool).of(new PoolBranch(0, "a", null, input)));
        }
        assertEquals(definitions.get(0), definitions.get(1));
    }

    @Test
    public void anotherFolderOrAnotherRequestIsFetchedAgain() throws Exception {
        fetches(null, "/a");
        assertTrue(isReused(fetches(null, "/a").outcome(0)));
        assertEquals(List.of("/a"), server.paths());
        assertFalse(isReused(fetches("pages", "/a").outcome(0)));
        FetchSettings standard = FetchSettings.standard(new BodyStorage(workspace.toString(), "pages", 0));
        FetchSettings other = RunInputs.with(standard, new RequestDefaults("GET", Map.of("Accept", "text/html"), null, StatusRanges.parse("200:299")));
        assertFalse(isReused(run(new WorkSpec.Fetch(other, null), urls("/a")).outcome(0)));
        assertEquals(3, server.requests.size());
    }

    @Test
    public void allThatIsSentBelongsToTheRequest() throws Exception {
        WorkSpec work = new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(workspace.toString(), null, 0)), null);
        Files.writeString(workspace.resolve("file"), "content");
        List<Map<String, Object>> sent = List.of(
                Map.of("query", Map.of("a", "1")),
                Map.of("query", Map.of("a", "2")),
                Map.of("json", Map.of("a", 1)),
                Map.of("form", Map.of("a", 1)),
                Map.of("multipart", Map.of("a", 1)),
                Map.of("validBody", "page"),
                Map.of("headers", Map.of("X", List.of("1", "2"))));
        Map<Object, Path> kept = new HashMap<>();
        for (boolean reused : List.of(false, true)) {
            for (Map<String, Object> one : sent) {
                Map<String, Object> branch = new LinkedHashMap<>(urls("/a").get(0));
                branch.putAll(one);
                earlier = reused ? kept.get(one) : earlier;
                assertEquals(one.toString(), reused, isReused(run(work, List.of(branch)).outcome(0)));
                kept.putIfAbsent(one, earlier);
            }
        }
        Map<String, Object> upload = new LinkedHashMap<>(urls("/a").get(0));
        upload.put("multipart", Map.of("a", Map.of("file", "file")));
        for (int i = 0; i < 2; i++) {
            assertFalse("what is in the file is not known", isReused(run(work, List.of(upload)).outcome(0)));
        }
    }

    @Test
    public void whatWasFetchedAndProcessedIsReusedAsAWhole() throws Exception {
        FetchSettings settings = FetchSettings.standard(new BodyStorage(workspace.toString(), "pages", 0));
        for (String command : List.of("echo {} >> done; test {/} != bad", "echo {} >> done; test {/} != bad", "echo 2 {} >> done")) {
            PoolSettings pool = new PoolSettings(1, command, null, workspace.toString());
            run(new WorkSpec.Fetch(settings, null, new ProcessingSpec(pool, RunInputs.ONCE)), urls("/a", "/bad"));
        }
        assertEquals(
                List.of("2 pages/a", "2 pages/bad", "pages/a", "pages/bad", "pages/bad"), done());
        assertEquals(List.of("/a", "/a", "/bad", "/bad", "/bad"), server.paths().stream().sorted().toList());
    }
}
