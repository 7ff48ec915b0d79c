package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalWriter;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.FailFast;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorProcess;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RunRequest;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import io.jenkins.plugins.concurrency.fixture.Signals;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The supervisor as a process of its own, as agents have it. */
public class SupervisorTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static final int BY_SIGTERM = 128 + 15;

    private final String runId = UUID.randomUUID().toString();
    private RunFiles files;
    private Path workspace;
    private final Map<String, String> environment = new HashMap<>();
    private Process supervisor;

    @Before
    public void prepare() throws IOException {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        files = new RunFiles(folder.newFolder("run").toPath());
        workspace = folder.newFolder("workspace").toPath();
    }

    @After
    public void killSupervisor() {
        if (supervisor != null) {
            supervisor.destroyForcibly();
        }
    }

    private void spec(int workers, String template, String... inputs) throws IOException {
        spec(FailFast.NEVER, workers, template, inputs);
    }

    private void spec(FailFast failFast, int workers, String template, String... inputs) throws IOException {
        PoolSettings settings = new PoolSettings(workers, template, null, workspace.toString());
        BranchSettings policy = new BranchSettings(failFast, RetryPolicy.none(), Duration.ZERO, 0);
        files.writeSpec(new RunSpec(runId, policy, new WorkSpec.Pool(settings), List.of(), RunLimits.NONE));
        RunInputs.write(files, RunInputs.named(inputs));
    }

    private Process start(String... wrapper) throws IOException {
        List<String> command = new ArrayList<>(List.of(wrapper));
        command.add(TestJvm.PROGRAM);
        command.addAll(List.of("-cp", TestJvm.CLASS_PATH, Supervisor.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
        Map<String, String> all = new HashMap<>(System.getenv());
        all.putAll(environment);
        supervisor = builder.start();
        try (OutputStream input = supervisor.getOutputStream()) {
            input.write(new RunRequest(files.directory(), all, NodeLimits.NONE).bytes());
        }
        return supervisor;
    }

    private JournalIndex awaitEnd() throws Exception {
        return awaitEnd(0);
    }

    private JournalIndex awaitEnd(int status) throws Exception {
        assertTrue("the supervisor ends", supervisor.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(SupervisorLog.read(files), status, supervisor.exitValue());
        assertEquals(SupervisorLog.read(files), List.of(), PoolEnvironment.runCookie(runId).processes());
        return JournalIndex.read(files.journal());
    }

    /** Blocks until a task has opened the other end of a pipe, which is how tasks tell that they run. */
    private void awaitTask(String pipe) throws IOException {
        try (var in = Files.newInputStream(workspace.resolve(pipe))) {
            in.readAllBytes();
        }
    }

    private void pipe(String name) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", workspace.resolve(name).toString()).start().waitFor());
    }

    @Test
    public void aRunEndsWithItsJournalComplete() throws Exception {
        spec(2, "test {} != bad", "good", "bad", "fine");
        start();
        JournalIndex journal = awaitEnd();
        assertEquals(3, journal.finished().total());
        assertEquals(2, journal.count(OutcomeStatus.SUCCEEDED));
        assertEquals("bad", journal.outcome(1).name());
        assertEquals(OutcomeStatus.FAILED, journal.outcome(1).status());
        assertEquals("", SupervisorLog.read(files));
    }

    @Test
    public void theCancelFileEndsTheRunInOrder() throws Exception {
        pipe("started");
        spec(1, "echo > started; sleep 1000; : {}", "a", "b", "c");
        start();
        awaitTask("started");
        Files.writeString(files.cancel(), "enough");
        JournalIndex journal = awaitEnd();
        assertEquals(3, journal.count(OutcomeStatus.CANCELLED));
        assertEquals("enough", journal.outcome(0).error().message());
        assertEquals(1, journal.outcome(0).attempts());
        assertEquals("never started", 0, journal.outcome(2).attempts());
    }

    @Test
    public void nothingGoesOnWhoseRunDirectoryIsGone() throws Exception {
        pipe("started");
        spec(1, "echo > started; sleep 1000; : {}", "a", "b");
        start();
        awaitTask("started");
        Files.move(files.directory(), folder.getRoot().toPath().resolve("gone"));
        assertTrue("the supervisor ends", supervisor.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of(), PoolEnvironment.runCookie(runId).processes());
    }

    @Test
    public void sigtermSuspendsTheRunForTheNextSupervisor() throws Exception {
        pipe("started");
        spec(
                1,
                "if test {} = slow && test ! -e second; then echo > started; trap '' TERM; setsid sleep 1000 & sleep 1001; fi; echo {} >> done",
                "a", "slow", "z");
        start();
        awaitTask("started");
        supervisor.destroy();
        JournalIndex suspended = awaitEnd(BY_SIGTERM);
        assertNull(suspended.finished());
        assertEquals("nothing but what was done", 1, suspended.ended());
        List<String> lines = Files.readAllLines(files.journal());
        assertEquals(
                new JournalEntry.Suspended(runId, supervisor.pid()),
                JournalEntry.fromJson(JsonObject.parse(lines.get(lines.size() - 1))));
        assertFalse(SupervisorLiveness.isAlive(files));
        Files.createFile(workspace.resolve("second"));
        start();
        JournalIndex journal = awaitEnd();
        assertEquals(3, journal.count(OutcomeStatus.SUCCEEDED));
        assertEquals("the attempt that was cut off counts", 2, journal.outcome(1).attempts());
        assertEquals(List.of("a", "slow", "z"), Files.readAllLines(workspace.resolve("done")));
        assertEquals("", SupervisorLog.read(files));
    }

    @Test
    public void aTaskThatTheSameSigtermEndsIsSuspendedToo() throws Exception {
        pipe("started");
        spec(1, "echo $$ > pid; echo {} > started; exec sleep 1000", "a");
        start();
        awaitTask("started");
        long task = Long.parseLong(Files.readString(workspace.resolve("pid")).strip());
        // As when a machine shuts down; the supervisor may be the last to hear of it.
        Signals.send("TERM", task);
        Signals.send("TERM", supervisor.pid());
        assertEquals(0, awaitEnd(BY_SIGTERM).ended());
    }

    @Test
    public void aTaskThatSomebodyElseEndsBySigtermHasFailed() throws Exception {
        spec(1, "kill -TERM $$; : {}", "a");
        start();
        JournalIndex journal = awaitEnd();
        assertEquals(143, journal.outcome(0).details().get(OutcomeDetail.EXIT_CODE));
        assertEquals(OutcomeStatus.FAILED, journal.outcome(0).status());
    }

    @Test
    public void failFastIsRememberedByTheNextSupervisor() throws Exception {
        spec(new FailFast(0, 60, true), 1, "echo {} >> done", "a", "bad", "worse", "z");
        BranchError error = new BranchError(ErrorType.EXIT, "exit code 1");
        try (JournalWriter journal = new JournalWriter(files.journal())) {
            journal.append(new JournalEntry.Started(runId, 1));
            journal.append(new JournalEntry.Ended(new Outcome(2, "worse", OutcomeStatus.FAILED, error, 1, 1, 1, Map.of())));
            journal.append(new JournalEntry.Ended(new Outcome(0, "a", OutcomeStatus.FAILED, error, 1, 1, 1, Map.of())));
            journal.append(new JournalEntry.Ended(new Outcome(1, "bad", OutcomeStatus.FAILED, error, 1, 1, 1, Map.of())));
        }
        start();
        JournalIndex journal = awaitEnd();
        assertEquals(3, journal.count(OutcomeStatus.FAILED));
        assertEquals("failFast: 'bad' failed, failure 3 of 3", journal.outcome(3).error().message());
        assertFalse(Files.exists(workspace.resolve("done")));
    }

    @Test
    public void failuresOfADeadSupervisorCount() throws Exception {
        spec(new FailFast(2, 0, false), 1, "test {} = good && echo {} >> done", "bad", "good", "worse", "z");
        BranchError error = new BranchError(ErrorType.EXIT, "exit code 1");
        try (JournalWriter journal = new JournalWriter(files.journal())) {
            journal.append(new JournalEntry.Started(runId, 1));
            journal.append(new JournalEntry.Ended(new Outcome(0, "bad", OutcomeStatus.FAILED, error, 1, 1, 1, Map.of())));
        }
        start();
        JournalIndex journal = awaitEnd();
        assertEquals("failFast: 'worse' failed, failure 2 of 2", journal.outcome(3).error().message());
        assertEquals("good\n", Files.readString(workspace.resolve("done")));
    }

    @Test
    public void aHaltLetsWhatRunsEnd() throws Exception {
        spec(1, "echo > started; while ! test -e go; do sleep 0.05; done; echo {} >> done", "a", "b");
        start();
        Await.until("the first task", () -> Files.exists(workspace.resolve("started")));
        Files.writeString(files.halt(), "enough");
        Await.until("the second one to be cancelled", () -> JournalIndex.read(files.journal()).count(OutcomeStatus.CANCELLED) == 1);
        Files.createFile(workspace.resolve("go"));
        JournalIndex journal = awaitEnd();
        assertEquals("enough", journal.outcome(1).error().message());
        assertEquals("a\n", Files.readString(workspace.resolve("done")));
    }

    @Test
    public void aCancelThatIsThereBeforeTheSupervisorStartsNothing() throws Exception {
        spec(2, "echo {} >> done", "a", "b");
        Files.writeString(files.cancel(), "not today");
        start();
        assertEquals(2, awaitEnd().count(OutcomeStatus.CANCELLED));
        assertFalse(Files.exists(workspace.resolve("done")));
    }

    @Test
    public void aRunThatHasEndedIsLeftAsItIs() throws Exception {
        spec(1, "echo {}", "a");
        start();
        awaitEnd();
        String journal = Files.readString(files.journal());
        start();
        awaitEnd();
        assertEquals(journal, Files.readString(files.journal()));
    }

    @Test
    public void aSecondSupervisorGoesOnWhereTheFirstWasKilled() throws Exception {
        pipe("started");
        spec(1, "if test {} = slow && test ! -e second; then echo > started; sleep 1000; fi; echo {} >> done", "a", "slow", "z");
        start();
        awaitTask("started");
        supervisor.destroyForcibly().waitFor();
        assertFalse("the task survives its supervisor", PoolEnvironment.runCookie(runId).processes().isEmpty());
        assertFalse("and has nothing of its lock", SupervisorLiveness.isAlive(files));
        Files.createFile(workspace.resolve("second"));
        start();
        JournalIndex journal = awaitEnd();
        assertEquals(3, journal.count(OutcomeStatus.SUCCEEDED));
        assertEquals(1, journal.outcome(0).attempts());
        assertEquals("the attempt that was cut off counts", 2, journal.outcome(1).attempts());
        assertEquals(1, journal.outcome(2).attempts());
        assertEquals("a was not done again", List.of("a", "slow", "z"), Files.readAllLines(workspace.resolve("done")));
        assertEquals(3, journal.finished().total());
    }

    @Test
    public void aSupervisorLeavesARunAloneThatAnotherHas() throws Exception {
        pipe("started");
        spec(1, "echo {} > started; sleep 1000", "a");
        Process first = start();
        awaitTask("started");
        assertTrue(SupervisorLiveness.isAlive(files));
        Process second = start();
        assertTrue("the second one ends", second.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, second.exitValue());
        assertEquals(
                "process " + second.pid() + " leaves the run to another supervisor\n", SupervisorLog.read(files));
        assertEquals(first.pid(), SupervisorProcess.read(files).orElseThrow().pid());
        assertEquals("only its first line", 1, Files.readAllLines(files.journal()).size());
        supervisor = first;
        Files.writeString(files.cancel(), "enough");
        assertEquals(1, awaitEnd().count(OutcomeStatus.CANCELLED));
        assertFalse(SupervisorLiveness.isAlive(files));
    }

    @Test
    public void aLaunchedSupervisorIsAliveUntilItsLastLineIsThere() throws Exception {
        spec(1, "echo \"$GREETING\"; : {}", "a");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("GREETING", "a 'b' \"c\"\nd");
        SupervisorLauncher.start(files, FollowingSide.settings(List.of(TestJvm.CLASS_PATH), null), environment);
        JournalIndex journal = JournalIndex.read(files.journal());
        while (journal.finished() == null) {
            boolean alive = SupervisorLiveness.isAlive(files);
            journal.refresh();
            assertTrue(SupervisorLog.read(files), alive || journal.finished() != null);
        }
        assertEquals("a 'b' \"c\"\nd", journal.outcome(0).value());
        Await.until("its end", () -> !SupervisorLiveness.isAlive(files));
        assertEquals("", SupervisorLog.read(files));
        assertFalse(Files.exists(files.starting()));
    }

    @Test
    public void aProcessThatIsNoSupervisorIsNotTakenForOne() throws Exception {
        assertFalse("nothing there", SupervisorLiveness.isAlive(files));
        long now = System.currentTimeMillis();
        Files.createFile(files.lock());
        SupervisorProcess.of(ProcessHandle.current()).write(files);
        assertFalse("a process without the lock", SupervisorLiveness.isAlive(files));
        Files.writeString(files.starting(), ProcessHandle.current().pid() + " " + (now - 600_000) + "\n");
        assertFalse("started long ago, somebody else by now", SupervisorLiveness.isAlive(files));
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Files.writeString(files.starting(), ended.pid() + " " + now + "\n");
        assertFalse("ended before it had the lock", SupervisorLiveness.isAlive(files));
    }

    @Test
    public void withoutLocksAProcessIsKnownByItsIdAndStart() throws Exception {
        Files.createSymbolicLink(files.lock(), files.lock()); // nothing that could be locked
        SupervisorProcess self = SupervisorProcess.of(ProcessHandle.current());
        self.write(files);
        assertTrue(SupervisorLiveness.isAlive(files));
        new SupervisorProcess(self.pid(), self.startMillis() - 1).write(files);
        assertFalse(SupervisorLiveness.isAlive(files));
    }

    @Test
    public void aSupervisorThatCannotWorkSaysWhyInOneLine() throws Exception {
        spec(1, "true");
        Files.createDirectory(files.lock());
        start();
        assertTrue(supervisor.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(1, supervisor.exitValue());
        String log = SupervisorLog.read(files);
        assertTrue(log, log.contains("supervisor.lock: Is a directory"));
        assertEquals(log, 1, log.lines().count());
    }

    @Test
    public void aRunThatCannotStartSaysWhyInItsJournal() throws Exception {
        spec(1, "true");
        Files.delete(files.branches());
        start();
        assertTrue(awaitEnd(1).finished().failure().contains("branches.ndjson"));
    }

    @Test
    public void whatEndedBeforeIsNotDoneAgainAndCounts() throws Exception {
        spec(2, "echo {} >> done", "a", "b");
        Outcome ended = new Outcome(0, "a", OutcomeStatus.SUCCEEDED, null, 1, 1, 1, Map.of());
        try (JournalWriter journal = new JournalWriter(files.journal())) {
            journal.append(new JournalEntry.Ended(ended));
        }
        start();
        JournalIndex journal = awaitEnd();
        assertEquals(List.of("b"), Files.readAllLines(workspace.resolve("done")));
        assertEquals(2, journal.finished().total());
        assertEquals(ended, journal.outcome(0));
    }

    @Test
    public void aFullDiskIsSaidInOneLineAndNothingIsBegun() throws Exception {
        assumeTrue("needs /dev/full", Files.exists(Path.of("/dev/full")));
        spec(1, "echo {} >> done", "a", "b");
        Files.createSymbolicLink(files.attempts(), Path.of("/dev/full"));
        start();
        assertEquals("can't count attempts: No space left on device", awaitEnd().finished().failure());
        assertFalse(Files.exists(workspace.resolve("done")));
    }

    @Test
    public void aJournalThatCannotGrowEndsTheRunAndKeepsWhatItHas() throws Exception {
        String[] inputs = IntStream.range(0, 300).mapToObj(Integer::toString).toArray(String[]::new);
        spec(2, "echo {} >> done; printf %0300d {}", inputs);
        // 64 blocks of 512 bytes. What is full is the journal; the JVM takes no notice of the signal that comes with it.
        start("/bin/sh", "-c", "ulimit -f 64; exec \"$@\"", "sh");
        assertTrue("the supervisor ends", supervisor.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of(), PoolEnvironment.runCookie(runId).processes());
        JournalIndex journal = JournalIndex.read(files.journal());
        // The limit is the file's own, so there may be no room for this either.
        String said = journal.finished() == null ? SupervisorLog.read(files).strip() : journal.finished().failure();
        assertEquals("can't write the journal: File too large", said);
        assertTrue("some fit: " + journal.ended(), journal.ended() > 20);
        int done = Files.readAllLines(workspace.resolve("done")).size();
        assertTrue("begun when there was no room: " + done, done <= journal.ended() + 4);
    }

    @Test
    public void filesThatCannotBeMadeEndTheRunInOneLine() throws Exception {
        spec(1, "true", "a");
        Files.createFile(files.outputs()); // where a directory is wanted
        start();
        String why = "can't make a directory: there is a file " + files.outputs();
        assertEquals(why, awaitEnd(1).finished().failure());
        assertEquals(why + "\n", SupervisorLog.read(files));
    }

    @Test
    public void withoutASpecItSaysSo() throws Exception {
        start("env", "JAVA_TOOL_OPTIONS=-Dof=everybody", "_JAVA_OPTIONS=-Dof=all");
        awaitEnd(1);
        assertEquals("there is no file " + files.spec() + "\n", SupervisorLog.read(files));
    }

    @Test
    public void noCommandGetsWhatOnlyRequestsNeed() throws Exception {
        spec(1, "env > seen.{}", "a");
        environment.put(NetworkOptions.VARIABLE, "of the trust store");
        environment.put("OTHER", "for commands");
        start();
        assertEquals(1, awaitEnd().count(OutcomeStatus.SUCCEEDED));
        List<String> seen = Files.readAllLines(workspace.resolve("seen.a"));
        assertTrue(seen.toString(), seen.contains("OTHER=for commands"));
        assertFalse(seen.toString(), seen.toString().contains(NetworkOptions.VARIABLE));
    }

    @Test
    public void killedWhileItProcessesItGoesOnWithWhatWasFetched() throws Exception {
        try (HttpTestServer server = new HttpTestServer((request, to) -> to.respond(200))) {
            pipe("started");
            PoolSettings pool = new PoolSettings(
                    1, "test -e second || { echo > started; sleep 1000; }; echo {/} >> done", null, workspace.toString());
            BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
            FetchSettings settings = FetchSettings.standard(new BodyStorage(workspace.toString(), "pages", 0));
            WorkSpec work = new WorkSpec.Fetch(settings, null, new ProcessingSpec(pool, policy));
            files.writeSpec(new RunSpec(runId, policy, work, List.of(), RunLimits.NONE));
            RunInputs.write(
                    files,
                    Stream.of("a", "b", "c").map(name -> Map.of("name", name, "url", server.url("/" + name), "method", "POST")));
            start();
            awaitTask("started");
            for (String name : List.of("0.json", "1.json", "2.json")) {
                Await.until(name, () -> {
                    assertTrue(SupervisorLog.read(files), supervisor.isAlive());
                    return Files.exists(files.fetched().resolve(name));
                });
            }
            supervisor.destroyForcibly().waitFor();
            Files.createFile(workspace.resolve("second"));
            start();
            JournalIndex journal = awaitEnd();
            assertEquals(3, journal.count(OutcomeStatus.SUCCEEDED));
            assertEquals(3, journal.finished().total());
            assertEquals("no request is sent again", List.of("/a", "/b", "/c"), server.paths().stream().sorted().toList());
            assertEquals(List.of("a", "b", "c"), Files.readAllLines(workspace.resolve("done")).stream().sorted().toList());
        }
    }

    @Test
    public void itsLogAndItsFailureShowNoSecret() throws Exception {
        Path urls = Files.writeString(workspace.resolve("urls"), "{\"tOpS3cret-4711\": 1}\n");
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
        WorkSpec work = new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(null, null, 0)), urls.toString());
        files.writeSpec(new RunSpec(runId, policy, work, List.of("TOKEN"), RunLimits.NONE));
        environment.put("TOKEN", "tOpS3cret-4711");
        start();
        String failure = awaitEnd(1).finished().failure();
        assertTrue(failure, failure.contains("unknown key '****'"));
        String log = SupervisorLog.read(files);
        assertTrue(log, log.contains("unknown key '****'"));
        assertFalse(log, log.contains("4711"));
    }
}
