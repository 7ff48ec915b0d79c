package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;

import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;

/**
 * Builds that are killed, and steps that are terminated, without a word to the steps: soon nothing of them is at work, holds an executor or stays in the build directory, and the page says how they ended. The same for all kinds.
 */
@RunWith(Parameterized.class)
public class ForcedEndDetectorTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule().keepingAgents();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer(this::answer);

    @Parameterized.Parameter
    public String kind;

    /** A step; {@code BEGIN} is a command that says that it has begun and then takes long, {@code SERVER} answers as late. */
    @Parameterized.Parameter(1)
    public String step;

    @Parameterized.Parameters(name = "{0}")
    public static List<Object[]> kinds() {
        return List.of(
                kind("plain", "node('plain') { cpuPool workers: 2, inputs: 1..100, command: 'BEGIN {}' }"),
                kind("label", "cpuPool label: 'plain', nodes: 3, workers: 2, inputs: 1..100, command: 'BEGIN {}'"),
                kind("outside", "parallelFetch concurrency: 2, timeout: 0, urls: (1..100).collect { 'SERVER' + it }"),
                kind("decorated", "node('decorated') { cpuPool workers: 2, inputs: 1..100, command: 'BEGIN {}' }"),
                kind("gather", "gather concurrency: 2, branches: [" + branches() + "]"));
    }

    private static String branches() {
        return IntStream.rangeClosed(1, 10)
                .mapToObj(i -> "'" + i + "': { node('plain || decorated') { sh 'BEGIN' } }")
                .collect(Collectors.joining(", "));
    }

    private static Object[] kind(String name, String step) {
        return new Object[] {name, step};
    }

    /** What the agent of that name starts goes through another program. */
    @TestExtension
    public static final class Wrapper extends LauncherDecorator {
        @Override
        public Launcher decorate(Launcher launcher, Node node) {
            return node.getNodeName().equals("decorated") ? launcher.decorateByPrefix("env", "WRAPPED=yes") : launcher;
        }
    }

    @Before
    public void startAgents() throws Exception {
        PipelineRule.allowOwnNetwork();
        for (String name : List.of("plain", "decorated")) {
            if (jenkins.jenkins.getNode(name) == null) {
                jenkins.agent(name);
            }
        }
    }

    /** Pipeline's own {@code node} keeps the executor of a build that is killed, until somebody takes it away. */
    @After
    public void freeExecutors() throws Exception {
        Files.createFile(file("go"));
        executors().forEach(Executor::interrupt);
        Await.until("free executors", () -> executors().isEmpty());
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private void answer(HttpTestServer.Request request, HttpTestServer.Connection to) throws Exception {
        Files.writeString(file("begun"), request.path() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Await.file(file("go"));
        to.respond(200);
    }

    private WorkflowRun start(String script) throws Exception {
        String begin = "echo >> " + file("begun") + "; until [ -e " + file("go") + " ]; do sleep 0.2; done; : ";
        WorkflowRun build = jenkins.start(
                script.replace("STEP", step).replace("BEGIN", begin).replace("SERVER", server.root() + "/"));
        Await.lines(file("begun"), 2);
        jenkins.waitForMessage(kind.equals("gather") ? "Branch: 2" : "", build);
        return build;
    }

    /** Those at work. */
    private static List<Executor> executors() {
        return Stream.of(jenkins.jenkins.getComputers())
                .flatMap(computer -> computer.getExecutors().stream())
                .filter(executor -> executor.getCurrentExecutable() != null)
                .toList();
    }

    private void assertNothingIsLeft(WorkflowRun build) throws Exception {
        RunFiles run = BuildRecord.of(build).awaitRun();
        String id = BuildRecord.id(run);
        Await.gone(run.spec());
        Await.gone(run.branches());
        Await.until("the end of all processes", () -> PoolEnvironment.runCookie(id).processes().isEmpty());
        Await.until("an empty queue", () -> Queue.getInstance().getItems().length == 0);
        if (!step.contains("node(")) {
            Await.until("free executors", () -> executors().isEmpty());
        }
        Await.until("the page to say so", () -> state(build).equals("failed"));
        assertEquals(List.of(), BuildRecord.list(run.directory().resolve("nodes")));
    }

    private static String state(WorkflowRun build) throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            JSONObject page = browser.getJSON(build.getUrl() + "concurrency/api/json").getJSONObject();
            return page.getJSONArray("runs").getJSONObject(0).getString("state");
        }
    }

    @Test
    public void aBuildThatIsKilledLeavesNothing() throws Exception {
        WorkflowRun build = start("STEP");
        build.doKill();
        jenkins.assertEnd(Result.ABORTED, build);
        assertNothingIsLeft(build);
        assertEquals("nothing has begun since", 2, Files.readAllLines(file("begun")).size());
    }

    @Test
    public void aStepThatIsTerminatedLeavesNothingWhileItsBuildGoesOn() throws Exception {
        WorkflowRun build = start("try { STEP } catch (e) { echo 'caught' }\nhold '" + kind + "'");
        build.doTerm();
        HoldStep.await(kind);
        try {
            assertNothingIsLeft(build);
        } finally {
            HoldStep.release(kind);
        }
        jenkins.waitForCompletion(build);
        jenkins.assertLogContains("caught", build);
    }
}
