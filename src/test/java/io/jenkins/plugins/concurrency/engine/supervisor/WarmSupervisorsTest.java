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
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.Work;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
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
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Supervisors that stay for the next run. */
public class WarmSupervisorsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final List<RunFiles> runs = new ArrayList<>();
    private Path workspace;

    @Before
    public void prepare() throws IOException {
        assumeTrue("looks at processes by /proc", Files.isDirectory(Path.of("/proc/self")));
        workspace = folder.newFolder("workspace").toPath();
    }

    @After
    public void endWhatStays() throws IOException {
        for (RunFiles files : runs) {
            JournalEntry first = JournalEntry.fromJson(JsonObject.parse(Files.readAllLines(files.journal()).get(0)));
            ProcessHandle.of(((JournalEntry.Started) first).pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private RunFiles commands(String template, String... inputs) throws IOException {
        return run(template, null, List.of(), inputs);
    }

    private RunFiles run(String template, String function, List<String> secrets, String... inputs) throws IOException {
        RunFiles files = new RunFiles(folder.newFolder().toPath());
        PoolSettings settings = new PoolSettings(1, template, function, workspace.toString());
        BranchPolicy policy = new BranchPolicy(false, RetryPolicy.none(), Duration.ZERO);
        String id = UUID.randomUUID().toString();
        files.writeSpec(new RunSpec(id, policy, new Work.Pool(settings), secrets));
        try (BranchFile.Writer out = new BranchFile.Writer(files.branches())) {
            for (String input : inputs) {
                out.add(Map.of("name", input, "input", input));
            }
            out.commit();
        }
        return files;
    }

    private void start(RunFiles files) throws IOException {
        runs.add(files);
        SupervisorLauncher.start(files, SupervisorSettings.standard(List.of(classPath())), environment);
    }

    /** Starts a run and waits until its supervisor has done with it. */
    private JournalIndex doRun(RunFiles files) throws IOException {
        start(files);
        return awaitEnd(files);
    }

    private static JournalIndex awaitEnd(RunFiles files) throws IOException {
        while (SupervisorLife.isAlive(files)) {
            Thread.onSpinWait();
        }
        JournalIndex journal = JournalIndex.read(files.journal());
        assertTrue(Files.readString(files.log()), journal.finished() != null);
        return journal;
    }

    private static ProcessHandle supervisor(RunFiles files) throws IOException {
        JournalEntry first = JournalEntry.fromJson(JsonObject.parse(Files.readAllLines(files.journal()).get(0)));
        return ProcessHandle.of(((JournalEntry.Started) first).pid()).orElseThrow();
    }

    /** However long it is; nothing of a process that has ended. */
    private static List<String> commandLine(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Blocks until a supervisor has its socket, which is when it has nothing to do. */
    private static void awaitIdle(ProcessHandle supervisor) {
        List<String> words = commandLine(supervisor);
        Path socket = Path.of(words.get(words.size() - 2));
        while (!Files.exists(socket)) {
            assertTrue("it is still there", ProcessKiller.isRunning(supervisor));
            Thread.onSpinWait();
        }
    }

    /** The supervisor of a run that has been done, waiting. */
    private ProcessHandle warm(RunFiles files) throws IOException {
        doRun(files);
        ProcessHandle supervisor = supervisor(files);
        awaitIdle(supervisor);
        return supervisor;
    }

    @Test
    public void theNextRunOfTheNodeHasTheSameSupervisorAndItsOwnEnvironment() throws Exception {
        environment.put("STAGE", "one");
        environment.put("ONCE", "here");
        ProcessHandle first = warm(commands("echo \"$STAGE $ONCE\"; : {}", "a"));
        environment.put("STAGE", "two");
        environment.remove("ONCE");
        RunFiles second = commands("echo \"$STAGE ${ONCE-gone}\"; : {}", "a");
        assertEquals("two gone", doRun(second).outcome(0).value());
        assertEquals(first, supervisor(second));
        assertEquals("", Files.readString(second.log()));
    }

    @Test
    public void whatIsSecretInTheNextRunIsHidden() throws Exception {
        warm(commands("echo {}", "a"));
        environment.put("TOKEN", "tOpS3cret");
        RunFiles second = run("echo \"$TOKEN\"; : {}", null, List.of("TOKEN"), "a");
        assertEquals("****", doRun(second).outcome(0).value());
    }

    @Test
    public void whereTheOneThatWaitedIsDeadAnotherIsStarted() throws Exception {
        ProcessHandle first = warm(commands("echo {}", "a"));
        first.destroyForcibly();
        first.onExit().join();
        RunFiles second = commands("echo {}", "a");
        assertEquals(1, doRun(second).count(Status.SUCCEEDED));
        assertNotEquals(first, supervisor(second));
    }

    @Test
    public void ofManyAtOnceOneStays() throws Exception {
        RunFiles first = commands("touch started-{}; until test -e go; do sleep 0.02; done", "one");
        RunFiles second = commands("touch started-{}; until test -e go; do sleep 0.02; done", "two");
        start(first);
        start(second);
        awaitFile("started-one");
        awaitFile("started-two");
        ProcessHandle ends = supervisor(second);
        Files.createFile(workspace.resolve("go"));
        awaitEnd(first);
        awaitEnd(second);
        ProcessHandle stays = supervisor(first);
        awaitIdle(stays);
        ends.onExit().join();
        RunFiles third = commands("echo {}", "a");
        doRun(third);
        assertEquals(stays, supervisor(third));
    }

    @Test
    public void oneThatNobodyNeedsEndsByItself() throws Exception {
        RunFiles files = commands("echo {}", "a");
        Path socket = folder.getRoot().toPath().resolve("s");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        Supervisor.class.getName(),
                        socket.toString(),
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(files.log().toFile())
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(new RunRequest(files.directory(), environment).bytes());
        }
        assertEquals(Files.readString(files.log()), 0, process.waitFor());
        assertFalse(Files.exists(socket));
        assertEquals(1, awaitEnd(files).count(Status.SUCCEEDED));
    }

    @Test
    public void theRunBeforeIsNoLongerItsOwn() throws Exception {
        RunFiles first = commands("echo {}", "a");
        ProcessHandle supervisor = warm(first);
        assertFalse(SupervisorLife.isAlive(first));
        assertTrue("nobody signals it for the run", SupervisorProcess.read(first).orElseThrow().handle().isEmpty());
        assertTrue(ProcessKiller.isRunning(supervisor));
    }

    @Test
    public void sigtermSuspendsARunThatWasHandedOver() throws Exception {
        ProcessHandle first = warm(commands("echo {}", "a"));
        RunFiles second = commands("touch started; until test -e go; do sleep 0.02; done; echo {}", "a");
        start(second);
        awaitFile("started");
        assertEquals(first, supervisor(second));
        first.destroy();
        first.onExit().join();
        assertFalse(SupervisorLife.isAlive(second));
        Files.createFile(workspace.resolve("go"));
        JournalIndex journal = doRun(second);
        assertEquals("a", journal.outcome(0).value());
        assertEquals(2, journal.outcome(0).attempts());
    }

    private void awaitFile(String name) {
        while (!Files.exists(workspace.resolve(name))) {
            Thread.onSpinWait();
        }
    }
}
