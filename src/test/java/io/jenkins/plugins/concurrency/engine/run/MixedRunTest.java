package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalLines;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeSink;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** Fetches whose results are processed. */
public class MixedRunTest {

    private static final int CONCURRENCY = 4;
    private static final int ROOM = 16;

    @Rule
    public final Timeout timeout = Timeout.seconds(120);

    /** Of no other run on this machine: its processes are found by it. */
    private final String id = UUID.randomUUID().toString();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer(this::answer);

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final HttpReactor reactor = new HttpReactor();
    private final AtomicInteger mostUnfinished = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private Path workspace;
    private RunFiles files;

    private BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(60));
    private BranchSettings processPolicy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
    private String toDir = "pages";
    private List<String> secrets = List.of();

    @Before
    public void prepare() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        files = new RunFiles(folder.newFolder("run").toPath());
        workspace = folder.newFolder("workspace").toPath();
    }

    @After
    public void close() {
        reactor.close();
        timer.shutdownNow();
    }

    private void answer(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        mostUnfinished.accumulateAndGet(server.requests.size() - ended.get(), Math::max);
        String path = request.path();
        to.respond(path.startsWith("/bad") ? 404 : 200, "text/plain", "page " + path, "X-Path: " + path);
    }

    private void command(String template, String... paths) throws IOException {
        spec(new PoolSettings(1, template, null, workspace.toString()), paths);
    }

    private void spec(PoolSettings pool, String... paths) throws IOException {
        FetchSettings standard = FetchSettings.standard(new BodyStorage(workspace.toString(), toDir, 0));
        FetchSettings settings = RunInputs.with(standard, new TrafficSettings(CONCURRENCY, 0, 0));
        WorkSpec work = new WorkSpec.Fetch(settings, null, new ProcessingSpec(pool, processPolicy));
        files.writeSpec(new RunSpec(id, policy, work, secrets, RunLimits.NONE));
        assertEquals("as the supervisor reads it", work, files.readSpec().work());
        RunInputs.write(files, Stream.of(paths).map(path -> Map.of("name", path, "url", root() + path)));
    }

    private String root() {
        return server.url("/");
    }

    private RunExecutor newRun() {
        OutcomeSink observer = outcome -> ended.incrementAndGet();
        RunEnvironment around = new RunEnvironment(Map.of("TOKEN", "tOpS3cret")::get, new LocalHost(files.outputs()), line -> {});
        return new RunExecutor(files, timer, () -> reactor, observer, around);
    }

    private JournalIndex run() throws Exception {
        return journalOf(newRun().start().toCompletableFuture());
    }

    private JournalIndex journalOf(CompletableFuture<JournalEntry.Finished> end) throws Exception {
        JournalEntry.Finished last = end.get();
        JournalIndex journal = JournalIndex.read(files.journal());
        assertEquals(last, journal.finished());
        assertEquals("each branch has one outcome", last.total(), journal.ended());
        try (var left = Files.list(files.fetched())) {
            assertEquals("nothing is left of what was fetched", 0, left.count());
        }
        return journal;
    }

    private static Object detail(Outcome outcome, String name) {
        return outcome.details().get(name);
    }

    private void pipe(String name) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", workspace.resolve(name).toString()).start().waitFor());
    }

    /** Blocks until a command has opened the other end. */
    private void awaitPipe(String name) throws IOException {
        try (var in = Files.newInputStream(workspace.resolve(name))) {
            in.readAllBytes();
        }
    }

    @Test
    public void aCommandGetsTheFileAndTheResultHasBothParts() throws Exception {
        command("cat {} && echo '' from {/}", "a.html", "b.html");
        JournalIndex journal = run();
        Outcome b = journal.outcome(1);
        assertEquals(OutcomeStatus.SUCCEEDED, b.status());
        assertEquals("page /b.html from b.html", b.value());
        assertEquals("pages/b.html", detail(b, OutcomeDetail.PATH));
        assertEquals(200, ((Number) detail(b, OutcomeDetail.STATUS)).intValue());
        assertEquals(0, ((Number) detail(b, OutcomeDetail.EXIT_CODE)).intValue());
        assertEquals("the pool's worker, not a connection", 1, ((Number) detail(b, OutcomeDetail.WORKER)).intValue());
        assertEquals(1, b.attempts());
        assertEquals(1, ((Number) detail(b, OutcomeDetail.PROCESS_ATTEMPTS)).intValue());
        List<?> tries = (List<?>) detail(b, OutcomeDetail.TRIES);
        assertEquals("fetched, then processed", 2, tries.size());
        assertTrue(((Number) ((Map<?, ?>) tries.get(0)).get(OutcomeDetail.WORKER)).intValue() > 1);
        assertEquals(1, ((Number) ((Map<?, ?>) tries.get(1)).get(OutcomeDetail.WORKER)).intValue());
        assertEquals(2, server.requests.size());
    }

    @Test
    public void thePoolHasItsOwnWidthHoweverManyAreFetchedAtOnce() throws Exception {
        command("mkdir busy && sleep 0.05 && rmdir busy && : {}", "a", "b", "c", "d", "e", "f");
        assertEquals("never two at once", 6, run().count(OutcomeStatus.SUCCEEDED));
    }

    @Test
    public void aFunctionGetsWhatIsKnownOfTheFetch() throws Exception {
        toDir = null;
        String function = "[input.status, input.body, input.headers['x-path'], input.bytes, input.name, input.keySet().sort()]";
        spec(new PoolSettings(1, null, function, workspace.toString()), "a");
        Outcome a = run().outcome(0);
        assertEquals(
                "[200, page /a, /a, 7, a, [body, bytes, headers, name, sha256, status, url]]", String.valueOf(a.value()));
        assertEquals("page /a", detail(a, OutcomeDetail.BODY));
    }

    @Test
    public void fetchingWaitsForThePool() throws Exception {
        command("true", IntStream.range(0, 300).mapToObj(i -> "p" + i).toArray(String[]::new));
        JournalIndex journal = run();
        assertEquals(300, journal.count(OutcomeStatus.SUCCEEDED));
        // What waits, what is fetched as the queue fills, what is processed, and what has ended but was not yet told.
        int bound = ROOM + CONCURRENCY + 1 + 2;
        assertTrue("at most " + bound + ": " + mostUnfinished, mostUnfinished.get() <= bound);
        assertTrue("fetched ahead: " + mostUnfinished, mostUnfinished.get() > 2);
    }

    @Test
    public void aFailedFetchNeverReachesThePool() throws Exception {
        command("echo {} >> seen", "a", "bad/b", "c");
        JournalIndex journal = run();
        assertEquals(List.of("pages/a", "pages/c"), Files.readAllLines(workspace.resolve("seen")).stream().sorted().toList());
        Outcome bad = journal.outcome(1);
        assertEquals(ErrorType.STATUS, bad.error().type());
        assertEquals(0, ((Number) detail(bad, OutcomeDetail.PROCESS_ATTEMPTS)).intValue());
        assertNull("no worker had it", detail(bad, OutcomeDetail.WORKER));
        assertEquals(3, journal.finished().total());
    }

    @Test
    public void whatFailsInThePoolIsRepeatedWithoutAnotherFetch() throws Exception {
        processPolicy = new BranchSettings(false, new RetryPolicy(2, Duration.ZERO), Duration.ZERO);
        command("echo again >> {}.tries && test $(wc -l < {}.tries) -eq 3", "a");
        Outcome a = run().outcome(0);
        assertEquals(OutcomeStatus.SUCCEEDED, a.status());
        assertEquals("fetched once", 1, a.attempts());
        assertEquals(3, ((Number) detail(a, OutcomeDetail.PROCESS_ATTEMPTS)).intValue());
        assertEquals(4, ((List<?>) detail(a, OutcomeDetail.TRIES)).size());
        assertEquals(List.of("/a"), server.paths());
    }

    @Test
    public void aProcessThatTakesTooLongKeepsWhatWasFetched() throws Exception {
        processPolicy = new BranchSettings(false, RetryPolicy.none(), Duration.ofMillis(300));
        command("sleep 1000; : {}", "a");
        Outcome a = run().outcome(0);
        assertEquals(ErrorType.TIMEOUT, a.error().type());
        assertEquals("pages/a", detail(a, OutcomeDetail.PATH));
        assertNull(a.value());
    }

    @Test
    public void aCancelEndsWhatIsFetchedWhatWaitsAndWhatIsProcessed() throws Exception {
        pipe("started");
        command("echo > started; sleep 1000; : {}", IntStream.range(0, 40).mapToObj(i -> "p" + i).toArray(String[]::new));
        RunExecutor run = newRun();
        CompletableFuture<JournalEntry.Finished> end = run.start().toCompletableFuture();
        awaitPipe("started");
        run.cancel("enough");
        JournalIndex journal = journalOf(end);
        assertEquals(40, journal.count(OutcomeStatus.CANCELLED));
        Outcome working = journal.outcome(0);
        for (int i = 0; i < 40 && !Integer.valueOf(1).equals(detail(working, OutcomeDetail.PROCESS_ATTEMPTS)); i++) {
            working = journal.outcome(i);
        }
        assertEquals("enough", working.error().message());
        assertTrue("what was fetched is told", working.details().containsKey(OutcomeDetail.PATH));
    }

    @Test
    public void aFailedFetchEndsWhatIsProcessedIfItIsToFailFast() throws Exception {
        policy = new BranchSettings(true, RetryPolicy.none(), Duration.ofSeconds(60));
        pipe("started");
        server.on("late", (request, to) -> to.awaitRelease().respond(404));
        command("echo > started; sleep 1000; : {}", "a", "late");
        CompletableFuture<JournalEntry.Finished> end = newRun().start().toCompletableFuture();
        awaitPipe("started");
        server.release();
        JournalIndex journal = journalOf(end);
        assertEquals(ErrorType.STATUS, journal.outcome(1).error().type());
        assertEquals("failFast: 'late' failed", journal.outcome(0).error().message());
    }

    @Test
    public void whatFailsInThePoolEndsFetchesIfItIsToFailFast() throws Exception {
        policy = new BranchSettings(true, RetryPolicy.none(), Duration.ofSeconds(60));
        server.on("never", (request, to) -> to.awaitRelease());
        command("exit 3; : {}", "a", "never");
        JournalIndex journal = run();
        assertEquals(ErrorType.EXIT, journal.outcome(0).error().type());
        assertEquals("failFast: 'a' failed", journal.outcome(1).error().message());
        assertEquals(0, ((Number) detail(journal.outcome(1), OutcomeDetail.PROCESS_ATTEMPTS)).intValue());
    }

    @Test
    public void suspendedItGoesOnWithoutFetchingAgain() throws Exception {
        pipe("started");
        command("test -e second || { echo > started; sleep 1000; }; : {}", "a", "b", "c", "bad/d");
        RunExecutor run = newRun();
        CompletableFuture<JournalEntry.Finished> end = run.start().toCompletableFuture();
        awaitPipe("started");
        Await.until(
                "three that are fetched and one that has ended",
                () -> server.requests.size() == 4 && ended.get() == 1 && countFetched() == 3);
        run.suspend();
        ExecutionException thrown = assertThrows(ExecutionException.class, end::get);
        assertTrue(thrown.toString(), thrown.getCause() instanceof CancellationException);
        assertEquals(1, JournalIndex.read(files.journal()).ended());
        Files.createFile(workspace.resolve("second"));
        Files.writeString(files.fetched().resolve("7.partial"), "half");
        JournalIndex journal = run();
        assertEquals(3, journal.count(OutcomeStatus.SUCCEEDED));
        assertEquals(1, journal.count(OutcomeStatus.FAILED));
        assertEquals(4, journal.finished().total());
        assertEquals("once each", List.of("/a", "/b", "/bad/d", "/c"), server.paths().stream().sorted().toList());
        int processed = IntStream.range(0, 3)
                .map(i -> {
                    try {
                        return ((Number) detail(journal.outcome(i), OutcomeDetail.PROCESS_ATTEMPTS)).intValue();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .sum();
        assertEquals("the one that was cut off counts", 4, processed);
    }

    private long countFetched() throws IOException {
        try (var left = Files.list(files.fetched())) {
            return left.filter(file -> file.toString().endsWith(".json")).count();
        }
    }

    @Test
    public void theJournalTellsHowMuchHasBeenFetched() throws Exception {
        command("true", "a", "b");
        run();
        List<Integer> counts = new ArrayList<>();
        JournalLines.visit(files.journal(), 0, (entry, offset, length) -> {
            if (entry instanceof JournalEntry.Fetched some) {
                counts.add(some.count());
            }
        });
        assertFalse(counts.isEmpty());
        assertEquals("the first is told at once", 1, counts.get(0).intValue());
    }

    @Test
    public void thePoolGetsWhatTheJournalHides() throws Exception {
        secrets = List.of("TOKEN");
        toDir = null;
        spec(new PoolSettings(1, null, "input.body.size()", workspace.toString()), "tOpS3cret");
        Outcome outcome = run().outcome(0);
        assertEquals("page /tOpS3cret".length(), ((Number) outcome.value()).intValue());
        String journal = Files.readString(files.journal());
        assertFalse(journal, journal.contains("tOpS3cret"));
        assertEquals("page /****", detail(outcome, OutcomeDetail.BODY));
    }

    @Test
    public void aCommandWithoutAFileFailsAlone() throws Exception {
        toDir = null;
        command("echo {}", "a");
        Outcome outcome = run().outcome(0);
        assertEquals(ErrorType.INVALID, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains("give 'toDir'"));
        assertEquals("page /a", detail(outcome, OutcomeDetail.BODY));
    }
}
