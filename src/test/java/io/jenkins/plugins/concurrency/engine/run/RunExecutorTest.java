package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RunExecutorTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer((request, to) -> to.respond(204));

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final HttpReactor reactor = new HttpReactor();
    private RunFiles files;

    @Before
    public void prepare() throws Exception {
        files = new RunFiles(folder.getRoot().toPath());
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(30));
        WorkSpec work = new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(null, null, 0)), null);
        files.writeSpec(new RunSpec("test", policy, work, List.of(), RunLimits.NONE));
    }

    @After
    public void close() {
        reactor.close();
        timer.shutdownNow();
    }

    private void branches(String... methods) throws Exception {
        RunInputs.write(files, IntStream.range(0, methods.length)
                .mapToObj(i -> Map.of("name", "b" + i, "url", server.url("/" + i), "method", methods[i])));
    }

    private JournalIndex run() throws Exception {
        JournalEntry.Finished last = new RunExecutor(files, timer, () -> reactor, outcome -> {})
                .start()
                .toCompletableFuture()
                .get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        JournalIndex journal = JournalIndex.read(files.journal());
        assertEquals(last, journal.finished());
        return journal;
    }

    @Test
    public void aRunThatHasEndedNeedsNoInputsAnyMore() throws Exception {
        branches("GET");
        run();
        files.deleteInputs();
        assertEquals("a step whose end was not saved asks again", 1, run().finished().total());
        assertEquals(1, server.requests.size());
    }

    @Test
    public void whatIsNotSafeToRepeatIsLostIfAnotherProcessHadBegunIt() throws Exception {
        branches("POST", "GET", "POST");
        try (AttemptFile attempts = new AttemptFile(files.attempts())) {
            attempts.begun(0, 1);
            attempts.begun(1, 1);
        }
        JournalIndex journal = run();
        assertEquals(ErrorType.LOST, journal.outcome(0).error().type());
        assertEquals("it was begun once", 1, journal.outcome(0).attempts());
        assertEquals(OutcomeStatus.SUCCEEDED, journal.outcome(1).status());
        assertEquals("one before, one now", 2, journal.outcome(1).attempts());
        assertEquals("never begun before", OutcomeStatus.SUCCEEDED, journal.outcome(2).status());
        assertEquals(
                List.of("GET /1", "POST /2"),
                server.requests.stream().map(sent -> sent.method() + " " + sent.target()).sorted().toList());
    }

    @Test
    public void aJournalThatIsFullEndsTheRunWithWhatIsKnown() throws Exception {
        branches("GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET");
        RunSpec spec = files.readSpec();
        RunLimits limits = new RunLimits(0, 0, 1);
        files.writeSpec(new RunSpec("test", spec.policy(), spec.work(), List.of(), limits));
        assertEquals(limits, files.readSpec().limits());
        JournalIndex journal = run();
        assertTrue(
                journal.finished().failure(),
                journal.finished().failure().contains("the journal would be larger than the administrator allows: 1 bytes"));
        assertEquals("not a branch has a place", 0, journal.ended());
    }

    @Test
    public void attemptsOfManyBranchesAreKept() throws Exception {
        try (AttemptFile attempts = new AttemptFile(files.attempts())) {
            for (int index = 0; index < 100_000; index += 7) {
                attempts.begun(index, index % 5 + 1);
            }
        }
        try (AttemptFile attempts = new AttemptFile(files.attempts())) {
            for (int index = 0; index < 100_000; index++) {
                assertEquals(index % 7 == 0 ? index % 5 + 1 : 0, attempts.attempts(index));
            }
        }
    }

    @Test
    public void aCancelBeforeTheStartIsHonoured() throws Exception {
        branches("GET", "GET");
        RunExecutor run = new RunExecutor(files, timer, () -> reactor, outcome -> {});
        run.cancel("not today");
        run.start().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(2, JournalIndex.read(files.journal()).count(OutcomeStatus.CANCELLED));
        assertEquals(List.of(), server.requests);
    }

    @Test
    public void whatADeadProcessHasHalfWrittenIsRemoved() throws Exception {
        Path base = folder.newFolder("workspace").toPath();
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(30));
        FetchSettings settings = FetchSettings.standard(new BodyStorage(base.toString(), "pages", 0));
        files.writeSpec(new RunSpec("test", policy, new WorkSpec.Fetch(settings, null), List.of(), RunLimits.NONE));
        branches("GET", "GET", "GET");
        Files.createDirectories(base.resolve("pages"));
        for (int index = 0; index < 3; index++) {
            Files.writeString(base.resolve("pages/.test-" + index + ".part"), "half");
        }
        Path others = Files.writeString(base.resolve("pages/.other-0.part"), "half");
        try (AttemptFile attempts = new AttemptFile(files.attempts())) {
            attempts.begun(0, 1);
            attempts.begun(2, 1);
        }
        Files.createDirectories(files.outputs());
        Files.writeString(files.outputs().resolve("0.out"), "half");
        DeadAttemptCleanup.end(files, files.readSpec(), JournalIndex.read(files.journal()), new LocalHost(files.outputs()));
        try (var left = Files.list(base.resolve("pages"))) {
            assertEquals(
                    "the second was never begun", Set.of(others, base.resolve("pages/.test-1.part")), left.collect(Collectors.toSet()));
        }
        assertFalse(Files.exists(files.outputs()));
    }

    @Test
    public void suspendedItSaysSoAndLeavesNoHalfFile() throws Exception {
        Path base = folder.newFolder("workspace").toPath();
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(30));
        FetchSettings settings = FetchSettings.standard(new BodyStorage(base.toString(), "pages", 0));
        files.writeSpec(new RunSpec("test", policy, new WorkSpec.Fetch(settings, null), List.of(), RunLimits.NONE));
        server.on("0", (request, to) -> to.head(200, "Content-Length: 1000000").body(500_000));
        branches("GET");
        RunExecutor run = new RunExecutor(files, timer, () -> reactor, outcome -> {});
        CompletableFuture<JournalEntry.Finished> end = run.start().toCompletableFuture();
        Path half = base.resolve("pages/.test-0.part");
        Await.until("a part of the file", () -> Files.exists(half) && Files.size(half) > 0);
        run.suspend();
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> end.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(thrown.toString(), thrown.getCause() instanceof CancellationException);
        List<String> journal = Files.readAllLines(files.journal());
        assertEquals(2, journal.size());
        assertTrue(journal.get(1), journal.get(1).startsWith("{\"suspended\":\"test\""));
        try (var left = Files.list(base.resolve("pages"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    public void noSecretGetsIntoTheJournalOrToTheObserver() throws Exception {
        server.on("echo", (request, to) -> to.respond(
                200, "text/plain", request.headers().get("x-token"), "X-Echo: it was tOpS3cret"));
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(30));
        WorkSpec work = new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(null, null, 0)), null);
        files.writeSpec(new RunSpec("test", policy, work, List.of("TOKEN"), RunLimits.NONE));
        String root = server.root();
        RunInputs.write(files, Stream.of(
                Map.of("name", "n tOpS3cret", "url", root + "/echo", "headers", Map.of("X-Token", "tOpS3cret")),
                Map.of("name", "b", "url", root + "/echo?tOpS3cret", "headers", Map.of("X-Token", "+tOpS3cret+")),
                Map.of("name", "c", "url", "gopher://tOpS3cret/")));
        List<Outcome> seen = Collections.synchronizedList(new ArrayList<>());
        RunEnvironment around = new RunEnvironment(Map.of("TOKEN", "tOpS3cret")::get, new LocalHost(files.outputs()), line -> {});
        new RunExecutor(files, timer, () -> reactor, seen::add, around)
                .start()
                .toCompletableFuture()
                .get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        String journal = Files.readString(files.journal());
        assertFalse(journal, journal.contains("tOpS3cret"));
        assertFalse(seen.toString(), seen.toString().contains("tOpS3cret"));
        JournalIndex index = JournalIndex.read(files.journal());
        assertEquals("n ****", index.outcome(0).name());
        assertEquals("****", index.outcome(0).value());
        assertEquals("it was ****", ((Map<?, ?>) index.outcome(0).details().get("headers")).get("x-echo"));
        assertEquals("+****+", index.outcome(1).value());
        assertEquals(root + "/echo?****", index.outcome(1).details().get("url"));
    }

    @Test
    public void noBeginningOfASecretIsLeftWhereABodyIsCut() throws Exception {
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(30));
        WorkSpec work = new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(null, null, 0)), null);
        files.writeSpec(new RunSpec("test", policy, work, List.of("TOKEN"), RunLimits.NONE));
        String token = "tOp\u00e4S3cret";
        String before = "x".repeat(4091); // then 4 KiB end with half of the fourth character
        server.on("bad", (request, to) -> to.respond(500, before + " " + token));
        server.on("good", (request, to) -> to.respond(200, before + " " + token));
        server.on("broken", (request, to) -> to.head(500, "Content-Length: 100").send("so: tOp").close());
        server.on("half", (request, to) -> to.respond(200, "x".repeat(4095) + "\ud83d\ude00"));
        RunInputs.write(files, Stream.of("bad", "good", "broken", "half")
                .map(name -> Map.of("name", name, "url", server.url("/" + name), "validBody", "nothing")));
        RunEnvironment around = new RunEnvironment(Map.of("TOKEN", token)::get, new LocalHost(files.outputs()), line -> {});
        new RunExecutor(files, timer, () -> reactor, outcome -> {}, around)
                .start()
                .toCompletableFuture()
                .get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        JournalIndex journal = JournalIndex.read(files.journal());
        assertEquals(before + " ****…", journal.outcome(0).details().get("body"));
        assertEquals(before + " ****…", journal.outcome(1).details().get("body"));
        assertEquals("so: ****…", journal.outcome(2).details().get("body"));
        assertEquals("x".repeat(4095) + "…", journal.outcome(3).details().get("body"));
    }

    @Test
    public void onlyTheOwnerMayReadCommandsAndUrls() throws Exception {
        branches("GET");
        assumeTrue("needs POSIX permissions", File.separatorChar == '/');
        for (Path file : List.of(files.spec(), files.branches())) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }
}
