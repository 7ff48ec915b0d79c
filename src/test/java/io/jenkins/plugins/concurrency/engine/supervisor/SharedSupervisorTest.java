package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.run.BranchFile;
import io.jenkins.plugins.concurrency.engine.run.DeadAttempts;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.Work;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** One supervisor for all runs of an agent. */
public class SharedSupervisorTest {

    private static final Duration IDLE = Duration.ofMinutes(10);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout timeout = Timeout.seconds(300);

    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final List<RunFiles> runs = new ArrayList<>();
    private Path workspace;
    private Path home;

    @Before
    public void prepare() throws IOException {
        assumeTrue("looks at processes by /proc", Files.isDirectory(Path.of("/proc/self")));
        workspace = folder.newFolder("workspace").toPath();
        home = folder.newFolder("home").toPath();
    }

    @After
    public void endSupervisors() throws IOException {
        for (RunFiles files : runs) {
            if (Files.exists(files.journal())) {
                ProcessHandle.of(lastPid(files)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private SupervisorSettings settings() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return SupervisorSettings.standard(List.of(classPath)).sharedAt(home, IDLE);
    }

    private RunFiles run(String template, String... inputs) throws IOException {
        return run(List.of(), template, inputs);
    }

    private RunFiles run(List<String> secrets, String template, String... inputs) throws IOException {
        RunFiles files = new RunFiles(folder.newFolder().toPath());
        PoolSettings settings = new PoolSettings(1, template, null, workspace.toString());
        BranchPolicy policy = new BranchPolicy(false, RetryPolicy.none(), Duration.ZERO);
        files.writeSpec(new RunSpec(UUID.randomUUID().toString(), policy, new Work.Pool(settings), secrets));
        try (BranchFile.Writer out = new BranchFile.Writer(files.branches())) {
            for (String input : inputs) {
                out.add(Map.of("name", input, "input", input));
            }
            out.commit();
        }
        runs.add(files);
        return files;
    }

    /** A run that tells that it is under way by a file of its input's name, and goes on when there is one {@code go-…}. */
    private RunFiles waiting(String name) throws IOException {
        return run("touch {}; until test -e go-{}; do sleep 0.02; done; echo {} $STAGE", name);
    }

    private RunFiles startWaiting(String name) throws IOException {
        RunFiles files = waiting(name);
        start(files);
        await(name);
        return files;
    }

    private void start(RunFiles files) throws IOException {
        start(files, settings());
    }

    private void start(RunFiles files, SupervisorSettings settings) throws IOException {
        SupervisorLauncher.start(files, settings, environment);
    }

    private JournalIndex doRun(RunFiles files) throws IOException {
        start(files);
        return awaitEnd(files);
    }

    private void await(String name) {
        while (!Files.exists(workspace.resolve(name))) {
            Thread.onSpinWait();
        }
    }

    private void goOn(String name) throws IOException {
        Files.createFile(workspace.resolve("go-" + name));
    }

    private static JournalIndex awaitEnd(RunFiles files) throws IOException {
        while (SupervisorLife.isAlive(files)) {
            Thread.onSpinWait();
        }
        JournalIndex journal = JournalIndex.read(files.journal());
        assertTrue(SupervisorLog.read(files), journal.finished() != null);
        return journal;
    }

    /** Those that the run had, in their order. */
    private static List<Long> pids(RunFiles files) throws IOException {
        List<Long> pids = new ArrayList<>();
        for (String line : Files.readAllLines(files.journal())) {
            if (JournalEntry.fromJson(JsonObject.parse(line)) instanceof JournalEntry.Started started) {
                pids.add(started.pid());
            }
        }
        return pids;
    }

    private static long lastPid(RunFiles files) throws IOException {
        List<Long> pids = pids(files);
        return pids.get(pids.size() - 1);
    }

    private static ProcessHandle supervisor(RunFiles files) throws IOException {
        return ProcessHandle.of(lastPid(files)).orElseThrow();
    }

    /** Where a supervisor listens, as its command line has it. */
    private static Path socket(ProcessHandle supervisor) throws IOException {
        String[] words = Files.readString(Path.of("/proc", Long.toString(supervisor.pid()), "cmdline")).split("\0");
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals(Supervisor.class.getName())) {
                return Path.of(words[i + 1]);
            }
        }
        throw new AssertionError("no supervisor: " + String.join(" ", words));
    }

    @Test
    public void runsThatBeginTogetherHaveOneSupervisorAndEachItsOwnEnvironment() throws Exception {
        List<CompletableFuture<RunFiles>> starts = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
            starts.add(CompletableFuture.supplyAsync(() -> {
                try {
                    RunFiles files;
                    Map<String, String> own;
                    synchronized (this) {
                        files = waiting(name);
                        own = new HashMap<>(environment);
                        own.put("STAGE", "stage-" + name);
                    }
                    SupervisorLauncher.start(files, settings(), own);
                    return files;
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        List<RunFiles> all = starts.stream().map(CompletableFuture::join).toList();
        Set<ProcessHandle> supervisors = new HashSet<>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
            await(name);
        }
        for (RunFiles files : all) {
            assertTrue(SupervisorLife.isAlive(files));
            supervisors.add(supervisor(files));
        }
        assertEquals(1, supervisors.size());
        goOn("c");
        assertEquals("c stage-c", awaitEnd(all.get(2)).outcome(0).value());
        assertTrue("the others go on", SupervisorLife.isAlive(all.get(0)) && SupervisorLife.isAlive(all.get(4)));
        for (String name : List.of("a", "b", "d", "e")) {
            goOn(name);
        }
        assertEquals("e stage-e", awaitEnd(all.get(4)).outcome(0).value());
        for (RunFiles files : all) {
            awaitEnd(files);
            assertEquals("", SupervisorLog.read(files));
        }
        assertTrue("it waits for more", supervisors.iterator().next().isAlive());
    }

    @Test
    public void whatIsSecretInARunIsHiddenThere() throws Exception {
        RunFiles first = startWaiting("first");
        environment.put("TOKEN", "tOpS3cret");
        RunFiles second = run(List.of("TOKEN"), "echo \"$TOKEN\"; : {}", "a");
        assertEquals("****", doRun(second).outcome(0).value());
        assertEquals(supervisor(first), supervisor(second));
        RunFiles third = run("echo \"${TOKEN}\"; : {}", "a");
        assertEquals("no secret there", "tOpS3cret", doRun(third).outcome(0).value());
        goOn("first");
        awaitEnd(first);
    }

    @Test
    public void aCancelledRunEndsAlone() throws Exception {
        RunFiles first = startWaiting("first");
        RunFiles second = startWaiting("second");
        Files.writeString(first.cancel(), "enough");
        assertEquals(1, awaitEnd(first).count(Status.CANCELLED));
        assertTrue(SupervisorLife.isAlive(second));
        goOn("second");
        assertEquals(1, awaitEnd(second).count(Status.SUCCEEDED));
    }

    @Test
    public void whenItIsKilledEachRunGoesOnInAProcessOfItsOwn() throws Exception {
        RunFiles first = startWaiting("first");
        RunFiles second = startWaiting("second");
        ProcessHandle shared = supervisor(first);
        shared.destroyForcibly();
        shared.onExit().join();
        assertFalse(SupervisorLife.isAlive(first) || SupervisorLife.isAlive(second));
        start(first);
        start(second);
        goOn("first");
        goOn("second");
        assertEquals(2, awaitEnd(first).outcome(0).attempts());
        assertEquals(2, awaitEnd(second).outcome(0).attempts());
        Set<Long> pids = new HashSet<>();
        pids.addAll(pids(first));
        pids.addAll(pids(second));
        assertEquals("one that was shared, and two", 3, pids.size());
        RunFiles third = startWaiting("third");
        assertFalse("a new one for new runs", pids.contains(supervisor(third).pid()));
        goOn("third");
        awaitEnd(third);
    }

    @Test
    public void aRunThatKillsItsSupervisorTakesOthersWithItOnce() throws Exception {
        RunFiles first = startWaiting("first");
        RunFiles second = startWaiting("second");
        RunFiles poison = run("kill -KILL $(cut -d ' ' -f 1 pid); sleep 1000; : {}", "kill");
        Files.createSymbolicLink(workspace.resolve("pid"), poison.pid());
        ProcessHandle shared = supervisor(first);
        start(poison);
        shared.onExit().join();
        start(first);
        start(second);
        start(poison);
        ProcessHandle own = ProcessHandle.of(awaitPids(poison, 2).get(1)).orElse(null);
        if (own != null) {
            own.onExit().join();
        }
        assertFalse(SupervisorLife.isAlive(poison));
        goOn("first");
        goOn("second");
        for (RunFiles files : List.of(first, second)) {
            assertEquals(1, awaitEnd(files).count(Status.SUCCEEDED));
            assertEquals("its supervisor died once", 2, pids(files).size());
        }
        DeadAttempts.end(poison);
    }

    private static List<Long> awaitPids(RunFiles files, int count) throws IOException {
        while (pids(files).size() < count) {
            Thread.onSpinWait();
        }
        return pids(files);
    }

    @Test
    public void sigtermSuspendsAllItsRuns() throws Exception {
        RunFiles first = startWaiting("first");
        RunFiles second = startWaiting("second");
        ProcessHandle shared = supervisor(first);
        shared.destroy();
        shared.onExit().join();
        for (RunFiles files : List.of(first, second)) {
            assertFalse(SupervisorLife.isAlive(files));
            String journal = Files.readString(files.journal());
            assertTrue(journal, journal.contains("\"suspended\""));
        }
        goOn("first");
        goOn("second");
        assertEquals(1, doRun(first).count(Status.SUCCEEDED));
        assertEquals(1, doRun(second).count(Status.SUCCEEDED));
    }

    @Test
    public void itEndsWhenItHasBeenIdleForLong() throws Exception {
        RunFiles files = startWaiting("first");
        ProcessHandle other = supervisor(files);
        goOn("first");
        awaitEnd(files);
        assertTrue(other.isAlive());
        home = folder.newFolder("another").toPath();
        RunFiles last = waiting("last");
        start(last, settings().sharedAt(home, Duration.ZERO));
        await("last");
        ProcessHandle supervisor = supervisor(last);
        Path socket = socket(supervisor);
        goOn("last");
        awaitEnd(last);
        supervisor.onExit().join();
        assertFalse("nothing is left", Files.exists(socket.getParent()));
    }

    @Test
    public void oneWithASuccessorEndsAfterItsRuns() throws Exception {
        RunFiles first = startWaiting("first");
        ProcessHandle old = supervisor(first);
        RunFiles second = waiting("second");
        SupervisorSettings other =
                new SupervisorSettings(
                settings().classPath(), SupervisorSettings.HEAP_MIB + 1, null, home, IDLE, NodeLimits.NONE);
        start(second, other);
        await("second");
        assertNotEquals(old, supervisor(second));
        assertTrue("it has a run", old.isAlive());
        goOn("first");
        assertEquals(1, awaitEnd(first).count(Status.SUCCEEDED));
        old.onExit().join();
        goOn("second");
        awaitEnd(second);
    }

    @Test
    public void itEndsWithTheAgentsFolder() throws Exception {
        RunFiles files = startWaiting("first");
        ProcessHandle supervisor = supervisor(files);
        Files.delete(home);
        goOn("first");
        assertEquals(1, awaitEnd(files).count(Status.SUCCEEDED));
        supervisor.onExit().join();
    }

    @Test
    public void theRunBeforeIsNoLongerItsOwn() throws Exception {
        RunFiles first = run("echo {}", "a");
        doRun(first);
        assertFalse(SupervisorLife.isAlive(first));
        assertTrue("nobody signals it for the run", SupervisorProcess.read(first).orElseThrow().handle().isEmpty());
        assertTrue(ProcessKiller.isRunning(supervisor(first)));
    }

    @Test
    public void aRunThatItHasIsNotBegunTwice() throws Exception {
        RunFiles files = startWaiting("first");
        ProcessHandle supervisor = supervisor(files);
        Files.delete(files.pid()); // as for who did not see it in time
        List<String> journal = Files.readAllLines(files.journal());
        SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket(supervisor)));
        probe.close(); // who says nothing is in nobody's way
        start(files);
        assertEquals(journal, Files.readAllLines(files.journal()));
        goOn("first");
        assertEquals(1, awaitEnd(files).outcome(0).attempts());
    }

    @Test
    public void oneThatDoesNotAnswerIsReplaced() throws Exception {
        RunFiles first = run("echo {}", "a");
        doRun(first);
        ProcessHandle stopped = supervisor(first);
        assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(stopped.pid())).start().waitFor());
        RunFiles second = run("echo {} >> done; echo {}", "a");
        assertEquals(1, doRun(second).count(Status.SUCCEEDED));
        assertNotEquals(stopped, supervisor(second));
        assertEquals(0, new ProcessBuilder("kill", "-CONT", Long.toString(stopped.pid())).start().waitFor());
        stopped.onExit().join(); // nobody finds it any more
        assertEquals("not done again", List.of("a"), Files.readAllLines(workspace.resolve("done")));
    }

    @Test
    public void onlyWhoHasTheKeyIsListenedTo() throws Exception {
        RunFiles first = startWaiting("first");
        Path socket = socket(supervisor(first));
        RunFiles second = run("echo {}", "a");
        RunRequest request = new RunRequest(second.directory(), environment, NodeLimits.NONE);
        assertFalse(SupervisorSocket.handOver(socket, SocketKey.generate(), request));
        assertFalse(Files.exists(second.journal()));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
        goOn("first");
        awaitEnd(first);
    }

    @Test
    public void whoPutsASocketInItsPlaceIsToldNothing() throws Exception {
        RunFiles first = startWaiting("first");
        Path socket = socket(supervisor(first));
        CompletableFuture<Integer> heard = new CompletableFuture<>();
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path fake = socket.resolveSibling("fake");
            other.bind(UnixDomainSocketAddress.of(fake));
            Files.move(fake, socket, StandardCopyOption.ATOMIC_MOVE);
            Thread listener = new Thread(() -> {
                try (SocketChannel caller = other.accept()) {
                    DataInputStream in = new DataInputStream(Channels.newInputStream(caller));
                    DataOutputStream out = new DataOutputStream(Channels.newOutputStream(caller));
                    assertFalse(meets(in, out));
                    heard.complete(in.readAllBytes().length);
                } catch (IOException e) {
                    heard.complete(0);
                }
            });
            listener.start();
            environment.put("TOKEN", "tOpS3cret");
            RunFiles second = run(List.of("TOKEN"), "echo \"$TOKEN\"; : {}", "a");
            assertEquals("****", doRun(second).outcome(0).value());
            assertEquals("after the proof nothing", 0, heard.join().intValue());
        }
        goOn("first");
        assertEquals(1, awaitEnd(first).count(Status.SUCCEEDED));
    }

    private static boolean meets(DataInputStream in, DataOutputStream out) {
        try {
            SocketKey.generate().meet(SocketKey.Side.SUPERVISOR, in, out);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
