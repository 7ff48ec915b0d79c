package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import hudson.Main;
import hudson.model.Slave;
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
import org.jvnet.hudson.test.BuildWatcher;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Runs that are stopped: nothing that they have started outlives them for long, however stubborn it is. */
public class CancelledRunTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String AGENT = "agent";

    @ClassRule
    public static final BuildWatcher BUILD_WATCHER = new BuildWatcher();

    @ClassRule(order = 1)
    public static final JenkinsRule JENKINS = Jobs.controller();

    @ClassRule(order = 2)
    public static final InboundAgentRule AGENTS = new InboundAgentRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final PageServer server = new PageServer();

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
        if (JENKINS.jenkins.getNode(AGENT) == null) {
            AGENTS.createAgent(
                    JENKINS, InboundAgentRule.Options.newBuilder().name(AGENT).webSocket().build());
        }
        tasks = folder.getRoot().toPath().resolve("tasks");
        build = BuildRecord.of(JENKINS.jenkins.getRootDir(), name.getMethodName());
    }

    /** Starts a build; TASKS in its script stands for a step. */
    private void start(String script) throws Exception {
        String step = Scripts.onNode(AGENT, StubbornTasks.step(tasks));
        Jobs.start(JENKINS, name.getMethodName(), script.replace("TASKS", step));
    }

    private void assertGone(String runId, String result) throws Exception {
        Wait.assertWithin(LIMIT, Wait.until("the end of all tasks", () -> Processes.ofRun(runId).isEmpty()));
        build.assertEnd(result);
        assertEquals(1, build.count("succeeded"));
        assertEquals(StubbornTasks.STUBBORN, build.count("cancelled"));
        assertEquals(StubbornTasks.COUNT, build.branches().size());
        Wait.until("the supervisor's end", () -> Processes.supervisors(runId).isEmpty());
        build.assertLogContains("1 succeeded, " + StubbornTasks.STUBBORN + " cancelled");
    }

    @Test
    public void abortingTheBuildEndsEveryProcess() throws Exception {
        start("TASKS");
        String runId = StubbornTasks.awaitBegun(build, tasks);
        Jobs.abort(JENKINS, name.getMethodName());
        assertGone(runId, "ABORTED");
    }

    @Test
    public void anEnclosingTimeoutEndsEveryProcess() throws Exception {
        start("timeout(time: 15, unit: 'SECONDS') { TASKS }");
        String runId = StubbornTasks.awaitBegun(build, tasks);
        Wait.until("the timeout", () -> build.log().contains("Cancelling nested steps due to timeout"));
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
        Wait.until("the failure", () -> build.log().contains("Failed in branch other"));
        assertGone(runId, "FAILURE");
    }

    @Test
    public void noHalfFileStaysWhenFetchesAreAborted() throws Exception {
        Jobs.start(
                JENKINS,
                name.getMethodName(),
                Scripts.onNode(
                        AGENT,
                        "parallelFetch urls: ['" + server.url("/free/a") + "', '" + server.url("/half/b") + "', '"
                                + server.url("/half/c") + "'], toDir: 'pages', timeout: 0"));
        server.await("GET", "/half/b", 1);
        server.await("GET", "/half/c", 1);
        build.awaitBranches(1);
        Path pages = workspace().resolve("pages");
        Wait.until("two half files beside a whole one", () -> files(pages) == 3);
        Jobs.abort(JENKINS, name.getMethodName());
        build.assertEnd("ABORTED");
        assertEquals(1, build.count("succeeded"));
        assertEquals(2, build.count("cancelled"));
        assertEquals("only the whole file stays", 1, files(pages));
    }

    private Path workspace() {
        Slave node = (Slave) JENKINS.jenkins.getNode(AGENT);
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
