package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Item;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.User;
import hudson.plugins.throttleconcurrents.ThrottleJobProperty;
import hudson.security.ACL;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;

/** How a step with a label gets its nodes from Jenkins' queue, and what people hear while it gets none. */
public class NodeQueueTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void beImpatient() {
        ConcurrencyConfiguration.get().setAgentTimeout(3);
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private List<String> lines(String name) throws Exception {
        return Await.lines(file(name));
    }

    /** A command that says where it is, and waits for the file {@code go}. */
    private String gate() {
        return "echo $NODE_NAME >> " + file("begun") + "; until [ -e " + file("go") + " ]; do sleep 0.2; done; echo {}";
    }

    /** A build that has the executor of a node until the file {@code release} is there. */
    private WorkflowRun hold(String node) throws Exception {
        WorkflowRun holder = jenkins.start("node('" + node + "') { sh 'set +x; touch " + file("held") + "; until [ -e " + file("release")
                + " ]; do sleep 0.2; done' }");
        Await.file(file("held"));
        return holder;
    }

    /** An agent that has a file where the workspace of a job should be. */
    private void brokenAgentFor(WorkflowJob job) throws Exception {
        Path workspaces = Files.createDirectories(Path.of(jenkins.simpleAgent("broken", "pool").getRemoteFS(), "workspace"));
        Files.createFile(workspaces.resolve(job.getName()));
    }

    /** Cancels the one item of the queue. An item that the queue just moves on can't be cancelled, but its successor can. */
    private static void cancelWaiting() throws Exception {
        Await.until("one place in the queue to cancel", () -> {
            Queue.Item[] items = Queue.getInstance().getItems();
            return items.length == 1 && Queue.getInstance().cancel(items[0]);
        });
    }

    private static Queue.Item waiting() throws Exception {
        Await.until("one place in the queue", () -> Queue.getInstance().getItems().length == 1);
        return Queue.getInstance().getItems()[0];
    }

    @Test
    public void workBeginsOnTheFirstNodeAndSpreadsToOneThatComesLater() throws Exception {
        jenkins.simpleAgent("first", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..8, command: '" + gate()
                + "'\necho \"ended ${r.succeeded}\"");
        Await.until("work of the first", () -> lines("begun").equals(List.of("first")));
        waiting();
        jenkins.simpleAgent("second", "pool");
        Await.until("work of the second", () -> lines("begun").equals(List.of("first", "second")));
        Files.createFile(file("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("1 node has the label 'pool'; 2 may work for this step", build);
        jenkins.assertLogContains("ended 8", build);
        BuildRecord.of(build).assertEachOnce(8);
    }

    @Test
    public void aBusyExecutorIsWaitedFor() throws Exception {
        jenkins.simpleAgent("only", "pool");
        WorkflowRun before = hold("only");
        WorkflowRun build = jenkins.start("def r = ioPool label: 'pool', tasks: ['echo a']\necho \"ended ${r.succeeded}\"");
        assertEquals(build.getParent(), waiting().task.getOwnerTask());
        jenkins.waitForMessage("Still waiting to schedule task", build);
        assertTrue(BuildRecord.of(build).branches().isEmpty());
        Files.createFile(file("release"));
        jenkins.assertEnd(Result.SUCCESS, before);
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 1", build);
        assertEquals(Map.of("only", 1), BuildRecord.of(build).byNode());
    }

    @Test
    public void theRemoteApiShowsPartsThatWaitAndPartsAtWork() throws Exception {
        jenkins.simpleAgent("here", "pool");
        WorkflowRun build = jenkins.start("cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..4, command: '" + gate() + "'");
        Await.until("work", () -> lines("begun").size() == 1);
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
        jenkins.assertEnd(Result.SUCCESS, build);
    }

    @Test
    public void partsWithinAThrottledCategoryAreNoMoreAtOnceThanItAllows() throws Exception {
        for (String name : List.of("one", "two", "three")) {
            jenkins.simpleAgent(name, "pool");
        }
        ThrottleJobProperty.fetchDescriptor()
                .setCategories(List.of(new ThrottleJobProperty.ThrottleCategory("scarce", 0, 1, List.of())));
        WorkflowRun build = jenkins.start("throttle(['scarce']) { cpuPool label: 'pool', nodes: 3, workers: 1, inputs: 1..6, command: '"
                + gate() + "' }");
        Await.until("work", () -> lines("begun").size() == 1);
        Await.until("the other two to be held back", () -> Stream.of(Queue.getInstance().getItems())
                .filter(Queue.Item::isBlocked)
                .count() == 2);
        Files.createFile(file("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        assertEquals(Map.of(lines("begun").get(0), 6), BuildRecord.of(build).byNode());
    }

    @Test
    public void aStepWhoseLabelNoNodeHasSaysSoAndCanBeAborted() throws Exception {
        WorkflowRun build = jenkins.start("parallelFetch label: 'nowhere', urls: ['http://127.0.0.1:9/']");
        jenkins.waitForMessage("parallelFetch: no node has the label 'nowhere'; 1 may work for this step", build);
        jenkins.waitForMessage("‘Jenkins’ doesn’t have label ‘nowhere’", build);
        waiting();
        build.doStop();
        jenkins.assertEnd(Result.ABORTED, build);
        jenkins.assertLogContains("1 cancelled", build);
        BuildRecord.of(build).assertEachOnce(1);
    }

    @Test
    public void anEnclosingTimeoutEndsTheWait() throws Exception {
        WorkflowRun build = jenkins.start(
                "timeout(time: 5, unit: 'SECONDS') { cpuPool label: 'nowhere', nodes: 3, tasks: ['a', 'b', 'c'] }");
        jenkins.assertEnd(Result.ABORTED, build);
        jenkins.assertLogContains("3 cancelled", build);
        BuildRecord.of(build).assertEachOnce(3);
    }

    @Test
    public void theOnlyPlaceInTheQueueThatIsCancelledFailsTheStepInOneLine() throws Exception {
        WorkflowRun build = jenkins.start("cpuPool label: 'nowhere', tasks: ['true']");
        cancelWaiting();
        jenkins.assertEnd(Result.FAILURE, build);
        jenkins.assertLogContains("ERROR: cpuPool: its places in the queue were cancelled", build);
        jenkins.assertLogNotContains("\tat ", build);
        BuildRecord.of(build).assertEachOnce(1);
    }

    @Test
    public void aFurtherPlaceInTheQueueThatIsCancelledMeansANodeFewer() throws Exception {
        jenkins.simpleAgent("here", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..6, command: '" + gate()
                + "'\necho \"ended ${r.succeeded}\"");
        Await.until("work", () -> lines("begun").size() == 1);
        cancelWaiting();
        jenkins.waitForMessage("cpuPool: a place in the queue was cancelled: one node fewer", build);
        jenkins.simpleAgent("late", "pool");
        Files.createFile(file("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 6", build);
        assertEquals(Map.of("here", 6), BuildRecord.of(build).byNode());
    }

    @Test
    public void aNodeThatCannotDoTheWorkIsPassedOverWhereAnotherIsToCome() throws Exception {
        jenkins.simpleAgent("sound", "pool");
        WorkflowRun before = hold("sound");
        WorkflowJob job = jenkins.job("def r = cpuPool label: 'pool', nodes: 2, tasks: ['echo a', 'echo b', 'echo c']\n"
                + "echo \"ended ${r.succeeded}\"");
        brokenAgentFor(job);
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("cpuPool: agent 'broken' gets no more branches: ", build);
        Files.createFile(file("release"));
        jenkins.assertEnd(Result.SUCCESS, before);
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 3", build);
        assertEquals(Map.of("sound", 3), BuildRecord.of(build).byNode());
    }

    @Test
    public void theOnlyNodeThatCannotDoTheWorkFailsTheStepInOneLine() throws Exception {
        WorkflowJob job = jenkins.job("cpuPool label: 'pool', nodes: 2, tasks: ['true', 'true']");
        brokenAgentFor(job);
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        jenkins.assertEnd(Result.FAILURE, build);
        jenkins.assertLogContains("ERROR: cpuPool: agent 'broken': ", build);
        jenkins.assertLogNotContains("\tat ", build);
        BuildRecord.of(build).assertEachOnce(2);
    }

    @Test
    public void aNodeThatIsDeletedLeavesItsWorkToTheLastOne() throws Exception {
        jenkins.simpleAgent("gone", "pool");
        jenkins.simpleAgent("last", "pool");
        WorkflowRun build = jenkins.start("def r = ioPool label: 'pool', nodes: 2, threads: 2, inputs: 1..12, groovy: '''\n"
                + "new File('" + file("begun") + "') << input + System.lineSeparator()\n"
                + "while (!new File('" + file("go") + "').exists()) { sleep 100 }\n"
                + "input * 2'''\n"
                + "echo \"ended ${r.succeeded}, sum ${r.values().sum()}\"\n"
                + "echo \"attempts ${r.collect { it.attempts }.sort()}, on ${r.collect { it.node }.toSet()}\"");
        Await.until("work on both", () -> lines("begun").size() == 4);
        jenkins.jenkins.removeNode(jenkins.jenkins.getNode("gone"));
        jenkins.waitForMessage("ioPool: agent 'gone' gets no more branches: ", build);
        Files.createFile(file("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 12, sum 156", build);
        jenkins.assertLogContains("attempts [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2], on [last]", build);
        BuildRecord.of(build).assertEachOnce(12);
    }

    /** Requests of two nodes, one of which is deleted while each has two under way. */
    private WorkflowRun fetchWhileANodeIsDeleted(String method) throws Exception {
        jenkins.simpleAgent("gone", "pool");
        jenkins.simpleAgent("last", "pool");
        HttpTestServer.Behaviour held = (request, to) -> to.awaitRelease().respond(200, request.path());
        try (HttpTestServer server = new HttpTestServer(held)) {
            WorkflowRun build = jenkins.start("def r = parallelFetch label: 'pool', nodes: 2, concurrency: 2, timeout: 0, urls: "
                    + "(1..12).collect { '" + server.url("/") + "' + it }, toDir: 'pages', collect: 'pages/**', method: '" + method
                    + "', onFailure: 'ignore'\n"
                    + "echo \"ended ${r.succeeded}, lost ${r.count { it.error?.type == 'lost' }}\"\n"
                    + "echo \"attempts ${r.collect { it.attempts }.sort()}\"");
            Await.until("requests of both", () -> server.requests.size() == 4);
            jenkins.jenkins.removeNode(jenkins.jenkins.getNode("gone"));
            jenkins.waitForMessage("parallelFetch: agent 'gone' gets no more branches: ", build);
            server.release();
            jenkins.assertEnd(Result.SUCCESS, build);
            BuildRecord.of(build).assertEachOnce(12);
            return build;
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
        jenkins.simpleAgent("here", "pool");
        jenkins.simpleAgent("there", "pool");
        WorkflowRun build = jenkins.start("cpuPool label: 'pool', nodes: 2, workers: 1, follow: true, quiet: true, inputs: 1..10, "
                + "command: 'echo line {} on $NODE_NAME; sleep 0.5'");
        jenkins.assertEnd(Result.SUCCESS, build);
        String log = JenkinsRule.getLog(build);
        for (int input = 1; input <= 10; input++) {
            Pattern line = Pattern.compile("^\\[" + input + "] line " + input + " on (here|there)$", Pattern.MULTILINE);
            assertEquals(log, 1, line.matcher(log).results().count());
        }
        assertEquals(2, BuildRecord.of(build).byNode().size());
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
        WorkflowJob job = jenkins.job(script);
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
        jenkins.simpleAgent("allowed", "pool");
        jenkins.simpleAgent("forbidden", "pool");
        WorkflowRun build = startAsAlice("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..4, command: '"
                + gate() + "'\necho \"ended ${r.succeeded}\"");
        Await.until("work", () -> lines("begun").size() == 1);
        String why = waiting().getWhy();
        assertTrue(why, why.contains("‘alice’ lacks permission to run on ‘forbidden’"));
        Files.createFile(file("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 4", build);
        assertEquals(Map.of("allowed", 4), BuildRecord.of(build).byNode());
    }

    @Test
    public void aUserWhoMayBuildOnNoneOfTheNodesHearsIt() throws Exception {
        jenkins.simpleAgent("forbidden", "pool");
        WorkflowRun build = startAsAlice("cpuPool label: 'pool', nodes: 2, tasks: ['true', 'true']");
        jenkins.waitForMessage("Still waiting to schedule task", build);
        jenkins.waitForMessage("‘alice’ lacks permission to run on ‘forbidden’", build);
        build.doStop();
        jenkins.assertEnd(Result.ABORTED, build);
        BuildRecord.of(build).assertEachOnce(2);
    }
}
