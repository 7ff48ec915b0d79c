package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import hudson.Main;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** Runs that are stopped: nothing that they have started outlives them for long, however stubborn it is. */
public class CancelledRunTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String AGENT = "agent";

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule().keepingAgents();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = Scripts.pages();

    @Rule
    public final TestName name = new TestName();

    private Path tasks;
    private BuildRecord build;

    /** The step {@code timeout} otherwise ends what it encloses by force after 5 s when it finds itself in a test. */
    @BeforeClass
    public static void giveStepsTheUsualTimeToEnd() throws Exception {
        Main.isUnitTest = false;
        try {
            Class.forName("org.jenkinsci.plugins.workflow.steps.TimeoutStepExecution");
        } finally {
            Main.isUnitTest = true;
        }
    }

    @Before
    public void createAgent() throws Exception {
        if (jenkins.jenkins.getNode(AGENT) == null) {
            jenkins.agent(AGENT);
        }
        tasks = folder.getRoot().toPath().resolve("tasks");
        build = BuildRecord.of(jenkins.jenkins.getRootDir(), name.getMethodName());
    }

    /** Starts a build; TASKS in its script stands for a step. */
    private void start(String script) throws Exception {
        String step = Scripts.onNode(AGENT, StubbornTasks.step(tasks));
        jenkins.start(name.getMethodName(), script.replace("TASKS", step));
    }

    private void assertGone(String runId, String result) throws Exception {
        Await.assertWithin(LIMIT, Await.until("the end of all tasks", () -> Processes.ofRun(runId).isEmpty()));
        build.assertEnd(result);
        assertEquals(1, build.count("succeeded"));
        assertEquals(StubbornTasks.STUBBORN, build.count("cancelled"));
        assertEquals(StubbornTasks.COUNT, build.branches().size());
        Await.until("the supervisor's end", () -> Processes.supervisors(runId).isEmpty());
        build.assertLogContains("1 succeeded, " + StubbornTasks.STUBBORN + " cancelled");
    }

    @Test
    public void abortingTheBuildEndsEveryProcess() throws Exception {
        start("TASKS");
        String runId = StubbornTasks.awaitBegun(build, tasks);
        jenkins.build(name.getMethodName()).doStop();
        assertGone(runId, "ABORTED");
    }

    @Test
    public void anEnclosingTimeoutEndsEveryProcess() throws Exception {
        start("timeout(time: 15, unit: 'SECONDS') { TASKS }");
        String runId = StubbornTasks.awaitBegun(build, tasks);
        Await.until("the timeout", () -> build.log().contains("Cancelling nested steps due to timeout"));
        assertGone(runId, "ABORTED");
    }

    @Test
    public void failFastOfAParallelEndsEveryProcess() throws Exception {
        Path fail = tasks.resolve("fail");
        start("parallel failFast: true, tasks: { TASKS }, other: { node('built-in') {\n"
                + "waitUntil(initialRecurrencePeriod: 100, quiet: true) { fileExists '" + fail + "' }\n"
                + "error 'so it is' } }");
        String runId = StubbornTasks.awaitBegun(build, tasks);
        Files.createFile(fail);
        Await.until("the failure", () -> build.log().contains("Failed in branch other"));
        assertGone(runId, "FAILURE");
    }

    @Test
    public void noHalfFileStaysWhenFetchesAreAborted() throws Exception {
        jenkins.start(name.getMethodName(),
                Scripts.onNode(
                        AGENT,
                        "parallelFetch urls: ['" + server.url("/free/a") + "', '" + server.url("/half/b") + "', '"
                                + server.url("/half/c") + "'], toDir: 'pages', timeout: 0"));
        server.await("GET", "/half/b", 1);
        server.await("GET", "/half/c", 1);
        build.awaitBranches(1);
        Path pages = workspace().resolve("pages");
        Await.until("two half files beside a whole one", () -> files(pages) == 3);
        jenkins.build(name.getMethodName()).doStop();
        build.assertEnd("ABORTED");
        assertEquals(1, build.count("succeeded"));
        assertEquals(2, build.count("cancelled"));
        assertEquals("only the whole file stays", 1, files(pages));
    }

    private Path workspace() {
        Slave node = (Slave) jenkins.jenkins.getNode(AGENT);
        return Path.of(node.getRemoteFS(), "workspace", name.getMethodName());
    }

    private static long files(Path directory) throws Exception {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).count();
        }
    }
}
