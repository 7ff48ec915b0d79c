package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Slave;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** What runs leave on the disks of agents and need there. */
public class AgentDiskTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestName name = new TestName();

    private static final Pattern STACK_TRACE = Pattern.compile("\\sat java\\.|Exception in thread");

    private static int agentsSoFar;

    private String agent() throws Exception {
        String agent = "agent" + agentsSoFar++;
        jenkins.agent(agent);
        PipelineRule.widen(jenkins, agent, 20);
        return agent;
    }

    private static Path root(String agent) {
        return Path.of(((Slave) jenkins.jenkins.getNode(agent)).getRemoteFS());
    }

    private BuildRecord start(String suffix, String agent, String step) throws Exception {
        String job = name.getMethodName() + suffix;
        jenkins.start(job, Scripts.onNode(agent, step));
        return BuildRecord.of(jenkins.jenkins.getRootDir(), job);
    }

    private static void assertEnds(BuildRecord build, String result, String line) throws Exception {
        build.assertEnd(result);
        build.assertLogContains(line);
    }

    private static void assertFailsInOneLine(BuildRecord build, String line) throws Exception {
        assertEnds(build, "FAILURE", "ERROR: cpuPool: " + line);
        assertFalse("no stack trace in\n" + build.log(), STACK_TRACE.matcher(build.log()).find());
    }

    private static Path cache(String agent) {
        return root(agent).resolve("caches").resolve("concurrency-steps");
    }

    /** The cache's files and what is in them, without archives of classes and what names the supervisor. */
    private static Map<String, String> jars(String agent) throws Exception {
        Map<String, String> jars = new TreeMap<>();
        for (Path file : BuildRecord.list(cache(agent))) {
            String name = file.getFileName().toString();
            if (!name.startsWith("classes-") && !name.startsWith("supervisor-")) {
                jars.put(name, sha256(file));
            }
        }
        return jars;
    }

    private static String sha256(Path file) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        return HexFormat.of().formatHex(digest);
    }

    private static void assertWholeJars(Map<String, String> jars) {
        assertFalse(jars.isEmpty());
        jars.forEach((file, content) -> assertEquals("a jar is named by its content", content + ".jar", file));
    }

    @Test
    public void runsThatFillTheCachesOfTwoAgentsAtOnceDoNotMeet() throws Exception {
        List<BuildRecord> builds = new ArrayList<>();
        List<String> both = List.of(agent(), agent());
        for (int i = 0; i < 3; i++) {
            for (String agent : both) {
                builds.add(start(i + agent, agent, "cpuPool tasks: ['true']"));
            }
        }
        for (BuildRecord build : builds) {
            assertEnds(build, "SUCCESS", "1 branch in");
        }
        assertWholeJars(jars(both.get(0)));
        assertEquals(jars(both.get(0)), jars(both.get(1)));
    }

    @Test
    public void damagedJarsAreRepairedByTheNextRun() throws Exception {
        String agent = agent();
        assertEnds(start("", agent, "cpuPool tasks: ['true']"), "SUCCESS", "1 succeeded");
        Map<String, String> whole = jars(agent);
        assertWholeJars(whole);
        int jar = 0;
        for (String file : whole.keySet()) {
            try (RandomAccessFile damaged = new RandomAccessFile(cache(agent).resolve(file).toFile(), "rw")) {
                long half = damaged.length() / 2;
                if (jar++ % 2 == 0) {
                    damaged.setLength(half);
                } else {
                    damaged.seek(half);
                    damaged.write(new byte[(int) (damaged.length() - half)]);
                }
            }
        }
        assertEnds(start("Again", agent, "cpuPool tasks: ['true']"), "SUCCESS", "1 succeeded");
        assertEquals(whole, jars(agent));
    }

    @Test
    public void aRunDirectoryIsDeletedWhenTheStepHasEnded() throws Exception {
        String agent = agent();
        BuildRecord build = start("", agent, "cpuPool tasks: ['true', 'false'], onFailure: 'ignore'");
        assertEnds(build, "SUCCESS", "1 succeeded, 1 failed");
        Path directory = runs(agent, "").resolve(build.awaitRunId());
        Await.gone(directory);
    }

    private Path runs(String agent, String suffix) {
        return root(agent).resolve("workspace").resolve(name.getMethodName() + suffix + "@tmp").resolve("concurrency");
    }

    @Test
    public void aWorkspaceThatCanNotBeWrittenFailsInOneLine() throws Exception {
        String agent = agent();
        Path inTheWay = runs(agent, "").getParent();
        Files.createDirectories(inTheWay.getParent());
        Files.createFile(inTheWay);
        assertFailsInOneLine(start("", agent, "cpuPool tasks: ['true']"), "");
    }

    @Test
    public void aDiskThatFillsUpInMidRunFailsInOneLine() throws Exception {
        String agent = agent();
        Gate gate = new Gate(folder.getRoot().toPath().resolve("gate"));
        BuildRecord build = start("", agent, Scripts.pool(4, gate.command(), ", onFailure: 'fail'"));
        gate.awaitBegun(2);
        gate.open(1);
        build.awaitBranches(1);
        String runId = build.awaitRunId();
        long journal = Files.size(runs(agent, "").resolve(runId).resolve("journal.ndjson"));
        ProcessHandle supervisor = Processes.awaitSupervisor(runId);
        limitFiles(Processes.agent(agent), journal + 10);
        limitFiles(supervisor, journal + 10);
        gate.open();
        assertFailsInOneLine(build, "");
        build.assertLogContains("File too large");
        Await.until("the end of all processes", () -> Processes.ofRun(runId).isEmpty());
        assertTrue("what was known before is kept", build.indexes().contains(0));
    }

    /** Makes every write beyond a size fail, as on a full disk; also for the processes that it starts from now on. */
    private static void limitFiles(ProcessHandle process, long bytes) throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes)
                .inheritIO()
                .start();
        assertEquals("prlimit", 0, prlimit.waitFor());
    }
}
