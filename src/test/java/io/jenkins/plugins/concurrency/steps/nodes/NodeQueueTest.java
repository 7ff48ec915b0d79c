package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.User;
import hudson.plugins.throttleconcurrents.ThrottleJobProperty;
import hudson.security.ACL;
import hudson.security.AuthorizationStrategy;
import hudson.security.SecurityRealm;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
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
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;

/** How a step with a label gets its nodes from Jenkins' queue, and what people hear while it gets none. */
public class NodeQueueTest {

    @ClassRule
    public static final BuildWatcher BUILD_WATCHER = new BuildWatcher();

    @ClassRule(order = 1)
    public static final JenkinsRule jenkins = controller();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

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
        try {
            HeldExecutors.assertNone(jenkins.jenkins);
        } finally {
            removeNodesAndSecurity();
        }
    }

    private static void removeNodesAndSecurity() throws Exception {
        jenkins.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
        jenkins.jenkins.setSecurityRealm(SecurityRealm.NO_AUTHENTICATION);
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().clear();
        for (Node node : List.copyOf(jenkins.jenkins.getNodes())) {
            jenkins.jenkins.removeNode(node);
        }
    }

    private DumbSlave agent(String name, String label) throws Exception {
        DumbSlave agent = jenkins.createSlave(name, label, null);
        jenkins.waitOnline(agent);
        return agent;
    }

    private WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private WorkflowRun start(String script) throws Exception {
        return job(script).scheduleBuild2(0).waitForStart();
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private List<String> lines(String name) throws Exception {
        return Files.exists(file(name)) ? Files.readAllLines(file(name)) : List.of();
    }

    /** A command that says where it is, and waits for the file {@code go}. */
    private String gate() {
        return "echo $NODE_NAME >> " + file("begun") + "; until [ -e " + file("go") + " ]; do sleep 0.2; done; echo {}";
    }

    /** A build that has the executor of a node until the file {@code release} is there. */
    private WorkflowRun hold(String node) throws Exception {
        WorkflowRun holder = start("node('" + node + "') { sh 'set +x; touch " + file("held") + "; until [ -e " + file("release")
                + " ]; do sleep 0.2; done' }");
        Looks.until("the executor's work", () -> Files.exists(file("held")));
        return holder;
    }

    /** An agent that has a file where the workspace of a job should be. */
    private void brokenAgentFor(WorkflowJob job) throws Exception {
        Path workspaces = Files.createDirectories(Path.of(agent("broken", "pool").getRemoteFS(), "workspace"));
        Files.createFile(workspaces.resolve(job.getName()));
    }

    private static Queue.Item waiting() throws Exception {
        Looks.until("one place in the queue", () -> Queue.getInstance().getItems().length == 1);
        return Queue.getInstance().getItems()[0];
    }

    private static void assertEnd(Result result, WorkflowRun build) throws Exception {
        jenkins.assertBuildStatus(result, jenkins.waitForCompletion(build));
    }

    @Test
    public void workBeginsOnTheFirstNodeAndSpreadsToOneThatComesLater() throws Exception {
        agent("first", "pool");
        WorkflowRun build = start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..8, command: '" + gate()
                + "'\necho \"ended ${r.succeeded}\"");
        Looks.until("work of the first", () -> lines("begun").equals(List.of("first")));
        waiting();
        agent("second", "pool");
        Looks.until("work of the second", () -> lines("begun").equals(List.of("first", "second")));
        Files.createFile(file("go"));
        assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("1 node has the label 'pool'; 2 may work for this step", build);
        jenkins.assertLogContains("ended 8", build);
        Journals.assertEachOnce(8, build);
    }

    @Test
    public void aBusyExecutorIsWaitedFor() throws Exception {
        agent("only", "pool");
        WorkflowRun before = hold("only");
        WorkflowRun build = start("def r = ioPool label: 'pool', tasks: ['echo a']\necho \"ended ${r.succeeded}\"");
        assertEquals(build.getParent(), waiting().task.getOwnerTask());
        jenkins.waitForMessage("Still waiting to schedule task", build);
        assertTrue(Journals.branches(build).isEmpty());
        Files.createFile(file("release"));
        assertEnd(Result.SUCCESS, before);
        assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 1", build);
        assertEquals(Map.of("only", 1), Journals.byNode(build));
    }

    @Test
    public void theRemoteApiShowsPartsThatWaitAndPartsAtWork() throws Exception {
        agent("here", "pool");
        WorkflowRun build = start("cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..4, command: '" + gate() + "'");
        Looks.until("work", () -> lines("begun").size() == 1);
        long id = waiting().getId();
        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            JSONArray queue = browser.getJSON("queue/api/json").getJSONObject().getJSONArray("items");
            assertEquals(1, queue.size());
            assertEquals(id, queue.getJSONObject(0).getLong("id"));
            browser.goToXml("queue/api/xml");
            browser.goToXml("queue/item/" + id + "/api/xml");
            JSONObject item = browser.getJSON("queue/item/" + id + "/api/json?depth=1").getJSONObject();
            assertTrue(item.toString(), item.getJSONObject("task").getString("name").contains(build.getFullDisplayName()));
            browser.goToXml("computer/here/api/xml?depth=2");
            JSONObject part = browser.getJSON("computer/here/api/json?depth=2").getJSONObject()
                    .getJSONArray("executors").getJSONObject(0).getJSONObject("currentExecutable");
            assertEquals(build.getNumber(), part.getInt("number"));
            assertEquals(build.getAbsoluteUrl(), part.getString("url"));
        }
        Files.createFile(file("go"));
        assertEnd(Result.SUCCESS, build);
    }

    @Test
    public void partsWithinAThrottledCategoryAreNoMoreAtOnceThanItAllows() throws Exception {
        for (String name : List.of("one", "two", "three")) {
            agent(name, "pool");
        }
        ThrottleJobProperty.fetchDescriptor()
                .setCategories(List.of(new ThrottleJobProperty.ThrottleCategory("scarce", 0, 1, List.of())));
        WorkflowRun build = start("throttle(['scarce']) { cpuPool label: 'pool', nodes: 3, workers: 1, inputs: 1..6, command: '"
                + gate() + "' }");
        Looks.until("work", () -> lines("begun").size() == 1);
        Looks.until("the other two to be held back", () -> Stream.of(Queue.getInstance().getItems())
                .filter(Queue.Item::isBlocked)
                .count() == 2);
        Files.createFile(file("go"));
        assertEnd(Result.SUCCESS, build);
        assertEquals(Map.of(lines("begun").get(0), 6), Journals.byNode(build));
    }

    @Test
    public void aStepWhoseLabelNoNodeHasSaysSoAndCanBeAborted() throws Exception {
        WorkflowRun build = start("parallelFetch label: 'nowhere', urls: ['http://127.0.0.1:9/']");
        jenkins.waitForMessage("parallelFetch: no node has the label 'nowhere'; 1 may work for this step", build);
        jenkins.waitForMessage("‘Jenkins’ doesn’t have label ‘nowhere’", build);
        waiting();
        build.doStop();
        assertEnd(Result.ABORTED, build);
        jenkins.assertLogContains("1 cancelled", build);
        Journals.assertEachOnce(1, build);
    }

    @Test
    public void anEnclosingTimeoutEndsTheWait() throws Exception {
        WorkflowRun build = start(
                "timeout(time: 5, unit: 'SECONDS') { cpuPool label: 'nowhere', nodes: 3, tasks: ['a', 'b', 'c'] }");
        assertEnd(Result.ABORTED, build);
        jenkins.assertLogContains("3 cancelled", build);
        Journals.assertEachOnce(3, build);
    }

    @Test
    public void theOnlyPlaceInTheQueueThatIsCancelledFailsTheStepInOneLine() throws Exception {
        WorkflowRun build = start("cpuPool label: 'nowhere', tasks: ['true']");
        assertTrue(Queue.getInstance().cancel(waiting()));
        assertEnd(Result.FAILURE, build);
        jenkins.assertLogContains("ERROR: cpuPool: its places in the queue were cancelled", build);
        jenkins.assertLogNotContains("\tat ", build);
        Journals.assertEachOnce(1, build);
    }

    @Test
    public void aFurtherPlaceInTheQueueThatIsCancelledMeansANodeFewer() throws Exception {
        agent("here", "pool");
        WorkflowRun build = start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..6, command: '" + gate()
                + "'\necho \"ended ${r.succeeded}\"");
        Looks.until("work", () -> lines("begun").size() == 1);
        assertTrue(Queue.getInstance().cancel(waiting()));
        jenkins.waitForMessage("cpuPool: a place in the queue was cancelled: one node fewer", build);
        agent("late", "pool");
        Files.createFile(file("go"));
        assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 6", build);
        assertEquals(Map.of("here", 6), Journals.byNode(build));
    }

    @Test
    public void aNodeThatCannotDoTheWorkIsPassedOverWhereAnotherIsToCome() throws Exception {
        agent("sound", "pool");
        WorkflowRun before = hold("sound");
        WorkflowJob job = job("def r = cpuPool label: 'pool', nodes: 2, tasks: ['echo a', 'echo b', 'echo c']\n"
                + "echo \"ended ${r.succeeded}\"");
        brokenAgentFor(job);
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("cpuPool: agent 'broken' does no more: ", build);
        Files.createFile(file("release"));
        assertEnd(Result.SUCCESS, before);
        assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 3", build);
        assertEquals(Map.of("sound", 3), Journals.byNode(build));
    }

    @Test
    public void theOnlyNodeThatCannotDoTheWorkFailsTheStepInOneLine() throws Exception {
        WorkflowJob job = job("cpuPool label: 'pool', nodes: 2, tasks: ['true', 'true']");
        brokenAgentFor(job);
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        assertEnd(Result.FAILURE, build);
        jenkins.assertLogContains("ERROR: cpuPool: agent 'broken': ", build);
        jenkins.assertLogNotContains("\tat ", build);
        Journals.assertEachOnce(2, build);
    }

    @Test
    public void aNodeThatIsDeletedLeavesItsWorkToTheLastOne() throws Exception {
        agent("gone", "pool");
        agent("last", "pool");
        WorkflowRun build = start("def r = ioPool label: 'pool', nodes: 2, threads: 2, inputs: 1..12, groovy: '''\n"
                + "new File('" + file("begun") + "') << input + System.lineSeparator()\n"
                + "while (!new File('" + file("go") + "').exists()) { sleep 100 }\n"
                + "input * 2'''\n"
                + "echo \"ended ${r.succeeded}, sum ${r.values().sum()}\"\n"
                + "echo \"attempts ${r.collect { it.attempts }.sort()}, on ${r.collect { it.node }.toSet()}\"");
        Looks.until("work on both", () -> lines("begun").size() == 4);
        jenkins.jenkins.removeNode(jenkins.jenkins.getNode("gone"));
        jenkins.waitForMessage("ioPool: agent 'gone' does no more: ", build);
        Files.createFile(file("go"));
        assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 12, sum 156", build);
        jenkins.assertLogContains("attempts [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2], on [last]", build);
        Journals.assertEachOnce(12, build);
    }

    /** Requests of two nodes, one of which is deleted while each has two under way. */
    private WorkflowRun fetchWhileANodeIsDeleted(String method) throws Exception {
        agent("gone", "pool");
        agent("last", "pool");
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger arrived = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            arrived.incrementAndGet();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            byte[] body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String root = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            WorkflowRun build = start("def r = parallelFetch label: 'pool', nodes: 2, concurrency: 2, timeout: 0, urls: "
                    + "(1..12).collect { '" + root + "' + it }, toDir: 'pages', collect: 'pages/**', method: '" + method
                    + "', onFailure: 'ignore'\n"
                    + "echo \"ended ${r.succeeded}, lost ${r.count { it.error?.type == 'lost' }}\"\n"
                    + "echo \"attempts ${r.collect { it.attempts }.sort()}\"");
            Looks.until("requests of both", () -> arrived.get() == 4);
            jenkins.jenkins.removeNode(jenkins.jenkins.getNode("gone"));
            jenkins.waitForMessage("parallelFetch: agent 'gone' does no more: ", build);
            go.countDown();
            assertEnd(Result.SUCCESS, build);
            Journals.assertEachOnce(12, build);
            return build;
        } finally {
            go.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    public void whatADeletedNodeWasFetchingIsFetchedByTheLastOne() throws Exception {
        WorkflowRun build = fetchWhileANodeIsDeleted("GET");
        jenkins.assertLogContains("ended 12, lost 0", build);
        jenkins.assertLogContains("attempts [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2]", build);
        for (int i = 1; i <= 12; i++) {
            Path page = build.getRootDir().toPath().resolve("archive/pages/" + i);
            assertEquals("/" + i, Files.readString(page));
        }
    }

    @Test
    public void whatADeletedNodeHadPostedIsNotPostedAgain() throws Exception {
        WorkflowRun build = fetchWhileANodeIsDeleted("POST");
        jenkins.assertLogContains("ended 10, lost 2", build);
    }

    @Test
    public void linesOfAllNodesAreInTheLogOnceWhenTheyAreFollowed() throws Exception {
        agent("here", "pool");
        agent("there", "pool");
        WorkflowRun build = start("cpuPool label: 'pool', nodes: 2, workers: 1, follow: true, quiet: true, inputs: 1..10, "
                + "command: 'echo line {} on $NODE_NAME; sleep 0.5'");
        assertEnd(Result.SUCCESS, build);
        String log = JenkinsRule.getLog(build);
        for (int input = 1; input <= 10; input++) {
            Pattern line = Pattern.compile("^\\[" + input + "] line " + input + " on (here|there)$", Pattern.MULTILINE);
            assertEquals(log, 1, line.matcher(log).results().count());
        }
        assertEquals(2, Journals.byNode(build).size());
    }

    /** Nobody but the system may build on some nodes. */
    public static class ForbiddenNodes extends MockAuthorizationStrategy {
        @Override
        public ACL getACL(Node node) {
            return ACL.lambda2((user, permission) ->
                    !node.getNodeName().startsWith("forbidden") || user.equals(ACL.SYSTEM2));
        }
    }

    private WorkflowRun startAsAlice(String script) throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        MockAuthorizationStrategy strategy = new ForbiddenNodes();
        jenkins.jenkins.setAuthorizationStrategy(
                strategy.grant(Jenkins.READ, Item.READ, Item.BUILD, Item.CANCEL).everywhere().to("alice"));
        WorkflowJob job = job(script);
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new MockQueueItemAuthenticator()
                        .authenticate(
                                job.getFullName(),
                                User.getById("alice", true).impersonate2()));
        return job.scheduleBuild2(0).waitForStart();
    }

    @Test
    public void aUserGetsNoNodeThatTheyMayNotBuildOn() throws Exception {
        agent("allowed", "pool");
        agent("forbidden", "pool");
        WorkflowRun build = startAsAlice("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..4, command: '"
                + gate() + "'\necho \"ended ${r.succeeded}\"");
        Looks.until("work", () -> lines("begun").size() == 1);
        String why = waiting().getWhy();
        assertTrue(why, why.contains("‘alice’ lacks permission to run on ‘forbidden’"));
        Files.createFile(file("go"));
        assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 4", build);
        assertEquals(Map.of("allowed", 4), Journals.byNode(build));
    }

    @Test
    public void aUserWhoMayBuildOnNoneOfTheNodesHearsIt() throws Exception {
        agent("forbidden", "pool");
        WorkflowRun build = startAsAlice("cpuPool label: 'pool', nodes: 2, tasks: ['true', 'true']");
        jenkins.waitForMessage("Still waiting to schedule task", build);
        jenkins.assertLogContains("‘alice’ lacks permission to run on ‘forbidden’", build);
        build.doStop();
        assertEnd(Result.ABORTED, build);
        Journals.assertEachOnce(2, build);
    }
}
