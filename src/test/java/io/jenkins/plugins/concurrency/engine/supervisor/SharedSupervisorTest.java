package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeNoException;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.DeadAttemptCleanup;
import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorSettings;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorProcess;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RegisteredSupervisor;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.RunRequest;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SocketKey;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SupervisorLocation;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SupervisorSocket;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** One supervisor for all runs of an agent. */
public class SharedSupervisorTest {

    private static final Duration IDLE = Duration.ofMinutes(10);

    private static final int KNOWN = 10;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout timeout = Timeout.seconds(300);

    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final List<RunFiles> runs = new ArrayList<>();
    private Path workspace;
    private Path home;
    private final SocketKey key = FollowingSide.newKey();

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
        Path registration = home.resolve("supervisor-" + key.id());
        Optional<RegisteredSupervisor> last = RegisteredSupervisor.read(registration);
        if (last.isPresent()) {
            new SupervisorLocation(last.get().socket(), registration, IDLE).remove();
        }
    }

    private SupervisorSettings settings() {
        return settings(IDLE);
    }

    private SupervisorSettings settings(Duration idle) {
        return FollowingSide.settings(List.of(TestJvm.CLASS_PATH), shared(idle));
    }

    private SupervisorSettings.Shared shared(Duration idle) {
        return new SupervisorSettings.Shared(home, idle, key);
    }

    private RunFiles run(String template, String... inputs) throws IOException {
        return run(List.of(), template, inputs);
    }

    private RunFiles run(List<String> secrets, String template, String... inputs) throws IOException {
        RunFiles files = new RunFiles(folder.newFolder().toPath());
        PoolSettings settings = new PoolSettings(1, template, null, workspace.toString());
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
        files.writeSpec(new RunSpec(UUID.randomUUID().toString(), policy, new WorkSpec.Pool(settings), secrets, RunLimits.NONE));
        RunInputs.write(files, RunInputs.named(inputs));
        runs.add(files);
        return files;
    }

    /** A run that tells that it is under way by a file of its input's name, and goes on when there is one {@code go-…}. */
    private RunFiles waiting(String name) throws IOException {
        return run("touch {}; until test -e go-{}; do sleep 0.02; done; echo {} $STAGE", name);
    }

    private RunFiles startWaiting(String name) throws Exception {
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

    private JournalIndex doRun(RunFiles files) throws Exception {
        start(files);
        return awaitEnd(files);
    }

    private void await(String name) throws Exception {
        Await.file(workspace.resolve(name));
    }

    private void goOn(String name) throws IOException {
        Files.createFile(workspace.resolve("go-" + name));
    }

    private static JournalIndex awaitEnd(RunFiles files) throws Exception {
        Await.until("the supervisor's end", () -> !SupervisorLiveness.isAlive(files));
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
        for (int i = 0; i < words.length - 1; i++) {
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
            assertTrue(SupervisorLiveness.isAlive(files));
            supervisors.add(supervisor(files));
        }
        assertEquals(1, supervisors.size());
        goOn("c");
        assertEquals("c stage-c", awaitEnd(all.get(2)).outcome(0).value());
        assertTrue("the others go on", SupervisorLiveness.isAlive(all.get(0)) && SupervisorLiveness.isAlive(all.get(4)));
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
        assertEquals(1, awaitEnd(first).count(OutcomeStatus.CANCELLED));
        assertTrue(SupervisorLiveness.isAlive(second));
        goOn("second");
        assertEquals(1, awaitEnd(second).count(OutcomeStatus.SUCCEEDED));
    }

    @Test
    public void whenItIsKilledEachRunGoesOnInAProcessOfItsOwn() throws Exception {
        RunFiles first = startWaiting("first");
        RunFiles second = startWaiting("second");
        ProcessHandle shared = supervisor(first);
        shared.destroyForcibly();
        shared.onExit().join();
        assertFalse(SupervisorLiveness.isAlive(first) || SupervisorLiveness.isAlive(second));
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
        assertFalse(SupervisorLiveness.isAlive(poison));
        goOn("first");
        goOn("second");
        for (RunFiles files : List.of(first, second)) {
            assertEquals(1, awaitEnd(files).count(OutcomeStatus.SUCCEEDED));
            assertEquals("its supervisor died once", 2, pids(files).size());
        }
        DeadAttemptCleanup.removeRun(poison);
    }

    private static List<Long> awaitPids(RunFiles files, int count) throws Exception {
        Await.until(count + " supervisors", () -> pids(files).size() >= count);
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
            assertFalse(SupervisorLiveness.isAlive(files));
            String journal = Files.readString(files.journal());
            assertTrue(journal, journal.contains("\"suspended\""));
        }
        goOn("first");
        goOn("second");
        assertEquals(1, doRun(first).count(OutcomeStatus.SUCCEEDED));
        assertEquals(1, doRun(second).count(OutcomeStatus.SUCCEEDED));
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
        start(last, settings(Duration.ZERO));
        await("last");
        ProcessHandle supervisor = supervisor(last);
        Path socket = socket(supervisor);
        goOn("last");
        awaitEnd(last);
        supervisor.onExit().join();
        assertFalse("nothing is left", Files.exists(socket.getParent()));
    }

    /** Of the plugin: jars of the old version and the new one are there side by side. */
    @Test
    public void anUpgradeInMidRunLeavesOldRunsToTheOldOneWhichEndsAfterThem() throws Exception {
        RunFiles first = startWaiting("first");
        ProcessHandle old = supervisor(first);
        List<String> newer = List.of(folder.newFolder().toString(), settings().classPath().get(0));
        SupervisorSettings upgraded = FollowingSide.settings(newer, shared(IDLE));
        RunFiles second = waiting("second");
        start(second, upgraded);
        await("second");
        RunFiles third = run("echo {}", "a");
        start(third, upgraded);
        assertEquals(1, awaitEnd(third).count(OutcomeStatus.SUCCEEDED));
        assertNotEquals(old, supervisor(second));
        assertEquals(supervisor(second), supervisor(third));
        assertTrue("it has a run", old.isAlive());
        goOn("first");
        assertEquals(1, awaitEnd(first).outcome(0).attempts());
        assertEquals("nobody else had it", 1, pids(first).size());
        old.onExit().join();
        goOn("second");
        assertEquals(1, awaitEnd(second).count(OutcomeStatus.SUCCEEDED));
    }

    @Test
    public void itEndsWithTheAgentsFolder() throws Exception {
        RunFiles files = startWaiting("first");
        ProcessHandle supervisor = supervisor(files);
        Files.move(home, home.resolveSibling("moved"));
        goOn("first");
        assertEquals(1, awaitEnd(files).count(OutcomeStatus.SUCCEEDED));
        supervisor.onExit().join();
    }

    @Test
    public void theRunBeforeIsNoLongerItsOwn() throws Exception {
        RunFiles first = run("echo {}", "a");
        doRun(first);
        assertFalse(SupervisorLiveness.isAlive(first));
        assertTrue("nobody signals it for the run", SupervisorProcess.read(first).flatMap(SupervisorProcess::handle).isEmpty());
        assertTrue(ProcessSearch.isRunning(supervisor(first)));
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
        signal("-STOP", List.of(stopped));
        RunFiles second = run("echo {} >> done; echo {}", "a");
        assertEquals(1, doRun(second).count(OutcomeStatus.SUCCEEDED));
        assertNotEquals(stopped, supervisor(second));
        signal("-CONT", List.of(stopped));
        stopped.onExit().join(); // nobody finds it any more
        assertEquals("not done again", List.of("a"), Files.readAllLines(workspace.resolve("done")));
    }

    @Test
    public void onlyWhoHasTheKeyIsListenedTo() throws Exception {
        RunFiles first = startWaiting("first");
        Path socket = socket(supervisor(first));
        RunFiles second = run("echo {}", "a");
        RunRequest request = new RunRequest(second.directory(), environment, NodeLimits.NONE);
        assertFalse(SupervisorSocket.submit(socket, FollowingSide.newKey(), request));
        assertFalse(Files.exists(second.journal()));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
        goOn("first");
        awaitEnd(first);
    }

    /** Puts a socket in the place of a supervisor's, where somebody deals with who comes first. */
    private static ServerSocketChannel takePlaceOf(Path socket, ThrowingConsumer<SocketChannel> dealing)
            throws IOException {
        ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Path fake = socket.resolveSibling("fake");
        other.bind(UnixDomainSocketAddress.of(fake));
        Files.move(fake, socket, StandardCopyOption.ATOMIC_MOVE);
        new Thread(() -> {
                    try (SocketChannel caller = other.accept()) {
                        dealing.accept(caller);
                    } catch (IOException e) {
                        // the other side goes away
                    }
                })
                .start();
        return other;
    }

    @FunctionalInterface
    private interface ThrowingConsumer<T> {
        void accept(T argument) throws IOException;
    }

    private RunFiles secretRun() throws IOException {
        environment.put("TOKEN", "tOpS3cret");
        return run(List.of("TOKEN"), "echo \"$TOKEN\"; : {}", "a");
    }

    @Test
    public void whoPutsASocketInItsPlaceIsToldNothing() throws Exception {
        RunFiles first = startWaiting("first");
        CompletableFuture<String> heard = new CompletableFuture<>();
        ServerSocketChannel other = takePlaceOf(socket(supervisor(first)), caller -> {
            DataInputStream in = new DataInputStream(Channels.newInputStream(caller));
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(caller));
            out.write(new byte[SocketKey.BYTES]);
            in.readNBytes(SocketKey.BYTES);
            heard.complete(new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1));
            out.writeInt(1); // too short: from here on the other side may go away
            out.write(1);
        });
        try (other) {
            RunFiles second = secretRun();
            assertEquals("****", doRun(second).outcome(0).value());
            assertFalse(heard.join().isEmpty());
            assertFalse("nothing that it could read", heard.join().contains("tOpS3cret") || heard.join().contains("PATH"));
        }
        goOn("first");
        assertEquals(1, awaitEnd(first).count(OutcomeStatus.SUCCEEDED));
    }

    @Test
    public void whoListensInBetweenLearnsNothing() throws Exception {
        RunFiles first = startWaiting("first");
        Path socket = socket(supervisor(first));
        Path moved = socket.resolveSibling("moved");
        Files.move(socket, moved);
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        ServerSocketChannel between = takePlaceOf(socket, caller -> {
            try (SocketChannel supervisor = SocketChannel.open(UnixDomainSocketAddress.of(moved))) {
                Thread back = new Thread(() -> pass(supervisor, caller, OutputStream.nullOutputStream()));
                back.start();
                pass(caller, supervisor, heard);
            }
        });
        try (between) {
            RunFiles second = secretRun();
            assertEquals("****", doRun(second).outcome(0).value());
            assertEquals("what it passed on was as good as ever", supervisor(first), supervisor(second));
            String all = heard.toString(StandardCharsets.ISO_8859_1);
            assertTrue(all.length() > SocketKey.BYTES);
            assertFalse(all, all.contains("tOpS3cret") || all.contains("PATH"));
        }
        Files.move(moved, socket, StandardCopyOption.REPLACE_EXISTING);
        goOn("first");
        assertEquals(1, awaitEnd(first).count(OutcomeStatus.SUCCEEDED));
    }

    private static void pass(SocketChannel from, SocketChannel to, OutputStream copy) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (from.read(buffer.clear()) >= 0) {
                copy.write(buffer.array(), 0, buffer.position());
                to.write(buffer.flip());
            }
        } catch (IOException e) {
            // one of them has gone
        }
    }

    /** Starts a run as an agent's process does that ends at once. */
    private void startByAnother(RunFiles files, SocketKey itsKey, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(TestJvm.PROGRAM);
        command.addAll(List.of(options));
        String classPath = settings().classPath().get(0);
        command.addAll(List.of("-cp", classPath, OtherAgent.class.getName(), classPath));
        command.addAll(List.of(files.directory().toString(), home.toString()));
        command.add(HexFormat.of().formatHex(itsKey.bytes()));
        Process agent = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, agent.waitFor());
    }

    /** An agent's process. */
    public static final class OtherAgent {
        public static void main(String[] arguments) throws IOException {
            SocketKey key = SocketKey.of(HexFormat.of().parseHex(arguments[3]));
            SupervisorSettings settings = FollowingSide.settings(
                    List.of(arguments[0]), new SupervisorSettings.Shared(Path.of(arguments[2]), IDLE, key));
            SupervisorLauncher.start(new RunFiles(Path.of(arguments[1])), settings, System.getenv());
        }
    }

    @Test
    public void whoComesAfterARestartFindsItAgain() throws Exception {
        RunFiles first = waiting("first");
        startByAnother(first, key);
        await("first");
        RunFiles second = startWaiting("second");
        assertEquals(supervisor(first), supervisor(second));
        goOn("first");
        goOn("second");
        awaitEnd(first);
        awaitEnd(second);
        RunFiles third = run("echo {}", "a");
        startByAnother(third, key);
        awaitEnd(third);
        assertEquals(supervisor(first), supervisor(third));
    }

    @Test
    public void agentsWithOtherKeysAreInNobodysWay() throws Exception {
        RunFiles first = startWaiting("first");
        RunFiles second = waiting("second");
        startByAnother(second, FollowingSide.newKey());
        await("second");
        assertNotEquals(supervisor(first), supervisor(second));
        RunFiles third = startWaiting("third");
        assertEquals(supervisor(first), supervisor(third));
        for (String name : List.of("first", "second", "third")) {
            goOn(name);
        }
        for (RunFiles files : List.of(first, second, third)) {
            assertEquals(1, awaitEnd(files).count(OutcomeStatus.SUCCEEDED));
        }
    }

    @Test
    public void whereThereCantBeASocketARunHasAProcessOfItsOwn() throws Exception {
        List<RunFiles> all = List.of(waiting("nowhere"), waiting("long"));
        startByAnother(all.get(0), key, "-Djava.io.tmpdir=" + home.resolve("missing"));
        Path deep = Files.createDirectories(home.resolve("d".repeat(SupervisorSocket.MAX_PATH)));
        startByAnother(all.get(1), key, "-Djava.io.tmpdir=" + deep);
        for (RunFiles files : all) {
            await(files == all.get(0) ? "nowhere" : "long");
            assertThrows(AssertionError.class, () -> socket(supervisor(files)));
        }
        List<ProcessHandle> own = List.of(supervisor(all.get(0)), supervisor(all.get(1)));
        goOn("nowhere");
        goOn("long");
        for (RunFiles files : all) {
            awaitEnd(files);
        }
        own.forEach(process -> process.onExit().join());
    }

    @Test
    public void whatNamesNoSupervisorIsReplaced() throws Exception {
        Path registration = home.resolve("supervisor-" + key.id());
        Path stale = Files.createDirectory(folder.newFolder().toPath().resolve("concurrency-stale")).resolve("s");
        try (ServerSocketChannel ended = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            ended.bind(UnixDomainSocketAddress.of(stale));
        }
        RunFiles before = run("echo {}", "a");
        doRun(before);
        ProcessHandle first = supervisor(before);
        String identity = RegisteredSupervisor.read(registration).orElseThrow().identity();
        Path full = Files.createDirectory(folder.newFolder().toPath().resolve("concurrency-full"));
        Files.createFile(full.resolve("what else is there"));
        List<String> contents = List.of("", "rubbish", "not UTF-8: \u00e4", full + "/s\nx\n1\n", stale + "\n" + identity + "\n1\n", "relative/s\nx\n1\n", "/s\nx\n1\n",
                home.resolve("concurrency-gone") + "/s\n" + identity + "\n" + ProcessHandle.current().pid());
        for (String content : contents) {
            Files.writeString(registration, content, StandardCharsets.ISO_8859_1);
            RunFiles files = run("echo {}", "a");
            assertEquals(1, doRun(files).count(OutcomeStatus.SUCCEEDED));
            RunFiles again = run("echo {}", "a");
            doRun(again);
            assertEquals(content, supervisor(files), supervisor(again));
        }
        first.onExit().join();
        assertFalse("what is stale goes", Files.exists(stale));
    }

    @Test
    public void oneThatNobodyNamesAnyMoreEndsAfterItsRuns() throws Exception {
        RunFiles files = startWaiting("first");
        ProcessHandle supervisor = supervisor(files);
        Files.delete(home.resolve("supervisor-" + key.id()));
        RunFiles second = startWaiting("second");
        assertNotEquals(supervisor, supervisor(second));
        goOn("first");
        assertEquals(1, awaitEnd(files).outcome(0).attempts());
        supervisor.onExit().join();
        goOn("second");
        awaitEnd(second);
    }

    @Test
    public void oneThatCameUpEarlyTakesTheFirstRun() throws Exception {
        SupervisorLauncher.prepare(settings());
        SupervisorLauncher.prepare(settings());
        long early = RegisteredSupervisor.read(home.resolve("supervisor-" + key.id())).orElseThrow().pid();
        RunFiles files = startWaiting("first");
        assertEquals(early, lastPid(files));
        goOn("first");
        assertEquals(1, awaitEnd(files).count(OutcomeStatus.SUCCEEDED));
        assertTrue(supervisor(files).isAlive());
    }

    @Test
    public void oneThatWasKilledIsNoReasonNotToStartOneEarly() throws Exception {
        RunFiles files = run("echo {}", "a");
        doRun(files);
        ProcessHandle killed = supervisor(files);
        Path socket = socket(killed);
        killed.destroyForcibly();
        killed.onExit().join();
        assertTrue(Files.exists(socket));
        SupervisorLauncher.prepare(settings());
        Path registration = home.resolve("supervisor-" + key.id());
        assertNotEquals(killed.pid(), RegisteredSupervisor.read(registration).orElseThrow().pid());
        assertFalse(Files.exists(socket));
    }

    @Test
    public void anotherIdleTimeIsThatOfAnotherOne() throws Exception {
        RunFiles files = run("echo {}", "a");
        doRun(files);
        RunFiles next = waiting("next");
        start(next, settings(IDLE.plusMinutes(1)));
        await("next");
        assertNotEquals(supervisor(files), supervisor(next));
        supervisor(files).onExit().join();
        goOn("next");
        awaitEnd(next);
    }

    @Test
    public void whatSleepsAndWakesGoesOn() throws Exception {
        RunFiles files = startWaiting("first");
        List<ProcessHandle> all = new ArrayList<>(supervisor(files).descendants().toList());
        all.add(supervisor(files));
        signal("-STOP", all);
        goOn("first");
        assertTrue(SupervisorLiveness.isAlive(files));
        signal("-CONT", all);
        assertEquals(1, awaitEnd(files).outcome(0).attempts());
    }

    private static void signal(String signal, List<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        new ProcessBuilder(command).start().waitFor(); // some may have ended
    }

    @Test
    public void oneWithoutDescriptorsIsReplacedAndItsRunsGoOn() throws Exception {
        doRun(run("echo {}", "a")); // has all classes loaded, from files
        RunFiles first = startWaiting("first");
        ProcessHandle supervisor = supervisor(first);
        limitDescriptors(supervisor, 8);
        RunFiles second = run("echo {} >> done; echo {}", "a");
        assertEquals(1, doRun(second).count(OutcomeStatus.SUCCEEDED));
        assertNotEquals(supervisor, supervisor(second));
        assertTrue(Files.readString(first.log()), supervisor.isAlive());
        limitDescriptors(supervisor, 1024);
        goOn("first");
        assertEquals(1, awaitEnd(first).outcome(0).attempts());
        supervisor.onExit().join();
        assertEquals("not done again", List.of("a"), Files.readAllLines(workspace.resolve("done")));
    }

    @Test
    public void oneWithoutMemoryEndsAndItsRunsGoOn() throws Exception {
        SupervisorSettings small = new SupervisorSettings(settings().classPath(), 64, null, shared(IDLE), NodeLimits.NONE);
        RunFiles first = waiting("first");
        start(first, small);
        await("first");
        ProcessHandle shared = supervisor(first);
        RunFiles large = run("echo {}", "a");
        Map<String, String> most = Map.of("MOST", "x".repeat(RunRequest.MAX_BYTES - 1000));
        SupervisorLauncher.start(large, small, most);
        shared.onExit().join();
        assertFalse(SupervisorLiveness.isAlive(first));
        start(first, small);
        goOn("first");
        assertEquals(2, awaitEnd(first).outcome(0).attempts());
        assertEquals("its supervisor died once", 2, pids(first).size());
    }

    /** The journal of one run can't take another outcome, as on a disk that is full; those of others are on another one. */
    @Test
    public void aRunWhoseDiskIsFullEndsInOneLineAndOthersOfItsSupervisorGoOn() throws Exception {
        String[] inputs = Stream.concat(Stream.generate(() -> "known").limit(KNOWN), Stream.of("last", "none"))
                .toArray(String[]::new);
        goOn("known");
        RunFiles full = run("touch at-{}; until test -e go-{}; do sleep 0.02; done; printf %05000d 1", inputs);
        start(full);
        await("at-last");
        ProcessHandle supervisor = supervisor(full);
        RunFiles other = startWaiting("other");
        Await.until("what is known to end", () -> JournalIndex.read(full.journal()).ended() >= KNOWN);
        assertTrue("more than others need", Files.size(full.journal()) > 10_000);
        limit(supervisor, "--fsize=" + (Files.size(full.journal()) + 1_000) + ":");
        goOn("last");
        JournalIndex journal = awaitEnd(full);
        assertEquals("can't write the journal: File too large", journal.finished().failure());
        assertEquals("what was known is kept", KNOWN, journal.count(OutcomeStatus.SUCCEEDED));
        assertEquals(KNOWN, journal.ended());
        assertFalse("nothing more has begun", Files.exists(workspace.resolve("at-none")));
        String id = JsonObject.parse(Files.readString(full.spec())).string("id");
        assertEquals("nothing of it works on", List.of(), PoolEnvironment.runCookie(id).processes());
        RunFiles later = startWaiting("later");
        goOn("other");
        goOn("later");
        for (RunFiles files : List.of(other, later)) {
            assertEquals(1, awaitEnd(files).outcome(0).attempts());
            assertEquals(List.of(supervisor.pid()), pids(files));
            assertEquals("", SupervisorLog.read(files));
        }
    }

    private static void limitDescriptors(ProcessHandle process, int most) throws Exception {
        limit(process, "--nofile=" + most + ":");
    }

    private static void limit(ProcessHandle process, String limit) throws Exception {
        List<String> command = List.of("prlimit", "--pid", Long.toString(process.pid()), limit);
        try {
            assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        } catch (IOException e) {
            assumeNoException("needs prlimit", e);
        }
    }
}
