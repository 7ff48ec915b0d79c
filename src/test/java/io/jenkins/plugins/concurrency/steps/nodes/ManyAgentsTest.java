package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.BuildWatcher;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Pools on several agents, each a process of its own. */
public class ManyAgentsTest {

    @ClassRule
    public static final BuildWatcher BUILD_WATCHER = new BuildWatcher();

    @ClassRule(order = 1)
    public static final JenkinsRule jenkins = controller();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final InboundAgentRule agents = new InboundAgentRule();

    private static JenkinsRule controller() {
        JenkinsRule made = new JenkinsRule();
        made.timeout = 0; // tests watch their time themselves
        return made;
    }

    @Before
    public void beImpatient() {
        ConcurrencyConfiguration.get().setAgentTimeout(3);
    }

    @After
    public void nothingIsHeld() throws Exception {
        HeldExecutors.assertNone(jenkins.jenkins);
    }

    @After
    public void removeNodes() throws Exception {
        for (Node node : List.copyOf(jenkins.jenkins.getNodes())) {
            jenkins.jenkins.removeNode(node);
        }
    }

    private void agent(String name) throws Exception {
        agents.createAgent(
                jenkins,
                InboundAgentRule.Options.newBuilder().name(name).label("pool").webSocket().build());
    }

    private WorkflowRun start(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    @Test
    public void workIsSharedOutWithoutANodeStep() throws Exception {
        agent("one");
        agent("two");
        WorkflowRun build = start("def r = cpuPool label: 'pool', nodes: 8, workers: 2, inputs: 1..60, "
                + "command: 'sleep 0.2; echo $NODE_NAME {} $MARK'\n"
                + "echo \"ended ${r.succeeded} of ${r.size()}, attempts ${r.collect { it.attempts }.toSet()}\"\n"
                + "echo \"on ${r.collect { it.node }.toSet().sort()}; said ${r[59].value.endsWith('60')}\"");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ended 60 of 60, attempts [1]", build);
        jenkins.assertLogContains("on [one, two]; said true", build);
        Journals.assertEachOnce(60, build);
        Journals.byNode(build).forEach((node, count) -> assertTrue(node + " did " + count, count > 15));
    }

    /** The ids of the parts of a build's run, by their nodes. */
    private static Map<String, String> parts(WorkflowRun build) throws Exception {
        Map<String, String> parts = new HashMap<>();
        Path runs = build.getRootDir().toPath().resolve("concurrency");
        try (Stream<Path> places = Files.walk(runs)) {
            for (Path place : places.filter(file -> file.endsWith("place.json")).toList()) {
                JsonObject json = JsonObject.parse(Files.readString(place));
                parts.put(json.string("node"), place.getParent().getFileName().toString());
            }
        }
        return parts;
    }

    /** Ends all that there is of an agent, as when its machine dies. */
    private void kill(String agent, WorkflowRun build) throws Exception {
        String id = parts(build).get(agent);
        agents.stop(jenkins, agent);
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(id))
                .forEach(ProcessHandle::destroyForcibly);
        PoolEnvironment.runCookie(id).processes().forEach(ProcessHandle::destroyForcibly);
    }

    private int lines(String name) throws Exception {
        return Files.exists(file(name)) ? Files.readAllLines(file(name)).size() : 0;
    }

    @Test
    public void nothingIsLostOrDoneTwiceInResultsWhereOneIsSlowAndOneDies() throws Exception {
        agent("steady");
        agent("slow");
        agent("doomed");
        WorkflowRun build = start("def r = cpuPool label: 'pool', nodes: 3, workers: 2, inputs: 1..120, "
                + "collect: 'out/**', command: 'mkdir -p out/{}; echo $NODE_NAME {} > out/{}/made; echo $NODE_NAME >> "
                + file("begun") + "; if [ $NODE_NAME = slow ]; then sleep 4; else sleep 0.4; fi; echo {}'\n"
                + "echo \"ended ${r.succeeded} of ${r.size()}, right ${r.every { it.value == it.name }}\"\n"
                + "echo \"twice ${r.findAll { it.attempts == 2 }.size()}, more ${r.any { it.attempts > 2 }}\"\n"
                + "echo \"on ${r.collect { it.node }.toSet().sort()}\"");
        Looks.until("work of the doomed", () -> lines("begun") > 0
                && Files.readAllLines(file("begun")).stream().filter("doomed"::equals).count() > 6);
        kill("doomed", build);
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ended 120 of 120, right true", build);
        jenkins.assertLogContains("more false", build);
        jenkins.assertLogNotContains("twice 0,", build);
        jenkins.assertLogContains("on [doomed, slow, steady]", build);
        jenkins.assertLogContains("agent 'doomed' does no more: ", build);
        Journals.assertEachOnce(120, build);
        for (JsonObject branch : Journals.branches(build)) {
            String made = branch.object("details").string("node") + " " + branch.string("name") + "\n";
            Path file = build.getRootDir().toPath().resolve("archive/out/" + branch.string("name") + "/made");
            assertEquals("a branch that has ended has its file here", made, Files.readString(file));
        }
        Map<String, Integer> counts = Journals.byNode(build);
        assertTrue("" + counts, counts.get("slow") < counts.get("steady") / 3);
    }

    @Test
    public void anAbortEndsTheWorkOnAllNodesAndFreesTheirExecutors() throws Exception {
        agent("left");
        agent("right");
        WorkflowRun build = start("cpuPool label: 'pool', nodes: 3, workers: 2, inputs: 1..50, "
                + "command: 'echo {} >> " + file("begun") + "; sleep 1000'");
        Looks.until("work on both", () -> lines("begun") == 4);
        assertEquals(2, HeldExecutors.of(jenkins.jenkins).size());
        assertShown(build);
        List<String> ids = List.copyOf(parts(build).values());
        assertEquals(2, ids.size());
        build.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("50 cancelled", build);
        Journals.assertEachOnce(50, build);
        for (String id : ids) {
            Looks.until("the end of processes", () -> PoolEnvironment.runCookie(id).processes().isEmpty());
        }
    }

    /** On the front page: an executor of each node and a place in the queue for the third. */
    private static void assertShown(WorkflowRun build) throws Exception {
        try (JenkinsRule.WebClient browser = jenkins.createWebClient().withJavaScriptEnabled(false)) {
            String page = browser.goTo("").asNormalizedText();
            assertEquals(page, 2, page.split(Pattern.quote(build.getDisplayName() + " (part)"), -1).length - 1);
            assertTrue(page, page.contains("part of " + build.getFullDisplayName()));
        }
        Queue.Item[] waiting = Queue.getInstance().getItems();
        assertEquals(1, waiting.length);
        assertEquals(build.getParent(), waiting[0].task.getOwnerTask());
    }

    @Test
    public void threeAgentsDoAtLeastTwoAndAHalfTimesWhatOneDoes() throws Exception {
        for (String name : List.of("first", "second", "third")) {
            agent(name);
        }
        double one = perSecond(1, 24);
        double three = perSecond(3, 144);
        System.out.printf(
                "tasks that sleep for 2 s, 2 workers on each: %.2f a second on one agent, %.2f on three, %.2f times as many%n",
                one, three, three / one);
        assertTrue(three + " a second instead of " + one, three >= 2.5 * one);
    }

    private double perSecond(int nodes, int inputs) throws Exception {
        WorkflowRun build = start("cpuPool label: 'pool', nodes: " + nodes + ", workers: 2, inputs: 1.." + inputs
                + ", command: 'sleep 2; : {}', onFailure: 'fail'");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        Journals.assertEachOnce(inputs, build);
        long begin = Long.MAX_VALUE;
        long end = 0;
        for (JsonObject branch : Journals.branches(build)) {
            begin = Math.min(begin, branch.longValue("start"));
            end = Math.max(end, branch.longValue("start") + branch.longValue("millis"));
        }
        return inputs * 1000.0 / (end - begin);
    }

    @Test
    public void aFunctionThatDoesNotCompileFailsTheStepAlsoWhereNodesAreMissing() throws Exception {
        agent("here");
        WorkflowRun build = start("cpuPool label: 'pool', nodes: 4, inputs: 1..9, groovy: 'no no no ('");
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ERROR: cpuPool: agent 'here': ", build);
        Journals.assertEachOnce(9, build);
    }

    @Test
    public void aStashIsUnpackedOnEachNodeFirst() throws Exception {
        agent("here");
        agent("there");
        WorkflowRun build = start("node('built-in') { writeFile file: 'tools/greet', text: 'echo hello $1'; stash 'tools' }\n"
                + "env.OF_BUILD = 'b'\n"
                + "withEnv(['OF_BLOCK=w']) {\n"
                + "def r = cpuPool label: 'pool', nodes: 2, stash: 'tools', inputs: 1..10, workers: 1, "
                + "command: 'sleep 0.5; echo $OF_BUILD $OF_BLOCK $(sh tools/greet {})'\n"
                + "echo \"${r.values()}\"\n}");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("[b w hello 1, b w hello 2, ", build);
        assertEquals(2, Journals.byNode(build).size());
    }

    @Test
    public void fetchedFilesComeBackToTheWorkspaceAroundTheStep() throws Exception {
        agent("here");
        agent("there");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            LockSupport.parkNanos(200_000_000);
            byte[] body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        String root = "http://127.0.0.1:" + server.getAddress().getPort();
        WorkflowRun build = start("node('built-in') { def r = parallelFetch label: 'pool', nodes: 2, concurrency: 2, "
                + "urls: (1..40).collect { '" + root + "/' + it + '/page.txt' }, toDir: 'pages', collect: 'pages/**'\n"
                + "echo \"ended ${r.succeeded}, files ${r.collect { it.path }.toSet().size()}\"\n"
                + "echo \"right ${r.every { readFile(it.path) == '/' + (it.index + 1) + '/page.txt' }}\"\n}");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        server.stop(0);
        jenkins.assertLogContains("ended 40, files 40", build);
        jenkins.assertLogContains("right true", build);
        Journals.assertEachOnce(40, build);
        assertEquals(2, Journals.byNode(build).size());
    }

    @Test
    public void anUnknownStashFailsTheStepInOneLine() throws Exception {
        agent("here");
        WorkflowRun build = start("cpuPool label: 'pool', nodes: 2, stash: 'nothing', tasks: ['true', 'true']");
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ERROR: cpuPool: No such saved stash", build);
        jenkins.assertLogNotContains("\tat ", build);
    }

    @Test
    public void failFastStopsTheOtherNodes() throws Exception {
        agent("here");
        agent("there");
        WorkflowRun build = start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, failFast: true, inputs: 1..20, "
                + "onFailure: 'ignore', command: 'echo {} >> " + file("begun") + "; until [ -e " + file("go")
                + " ]; do sleep 0.1; done; test {} != 1 && sleep 1000'\n"
                + "echo \"failed ${r.failed}, cancelled ${r.cancelled}\"");
        Looks.until("work on both", () -> lines("begun") == 2);
        Files.createFile(file("go"));
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("failed 1, cancelled 19", build);
        Journals.assertEachOnce(20, build);
    }

    @Test
    public void anExecutorThatIsTakenAwayLeavesTheWorkToTheOthers() throws Exception {
        agent("here");
        agent("there");
        WorkflowRun build = start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..12, "
                + "command: 'echo $NODE_NAME >> " + file("begun") + "; [ -e " + file("go") + " ] || sleep 2'\n"
                + "echo \"ended ${r.succeeded}\"");
        Looks.until("work on both", () -> Files.exists(file("begun"))
                && Files.readAllLines(file("begun")).stream().distinct().count() == 2);
        jenkins.jenkins.getComputer("here").getExecutors().get(0).interrupt();
        Looks.until("the end there", () -> jenkins.jenkins.getComputer("here").isIdle());
        Files.createFile(file("go"));
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ended 12", build);
        jenkins.assertLogContains("agent 'here' does no more: its executor was taken away", build);
        Journals.assertEachOnce(12, build);
    }
}
