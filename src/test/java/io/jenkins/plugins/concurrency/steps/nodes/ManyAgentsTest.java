package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Queue;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Pools on several agents, each a process of its own. */
public class ManyAgentsTest {

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

    @Test
    public void workIsSharedOutWithoutANodeStep() throws Exception {
        jenkins.agent("one", "pool");
        jenkins.agent("two", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 8, workers: 2, inputs: 1..60, "
                + "command: 'sleep 0.2; echo $NODE_NAME {} $MARK'\n"
                + "echo \"ended ${r.succeeded} of ${r.size()}, attempts ${r.collect { it.attempts }.toSet()}\"\n"
                + "echo \"on ${r.collect { it.node }.toSet().sort()}; said ${r[59].value.endsWith('60')}\"");
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 60 of 60, attempts [1]", build);
        jenkins.assertLogContains("on [one, two]; said true", build);
        BuildRecord.of(build).assertEachOnce(60);
        BuildRecord.of(build).byNode().forEach((node, count) -> assertTrue(node + " did " + count, count > 15));
    }

    /** The ids of the parts of a build's run, by their nodes. */
    private static Map<String, String> parts(WorkflowRun build) throws Exception {
        Map<String, String> parts = new HashMap<>();
        try (Stream<Path> places = Files.walk(build.getRootDir().toPath().resolve("concurrency"))) {
            for (Path place : places.filter(file -> file.endsWith("location.json")).toList()) {
                JsonObject json = JsonObject.parse(Files.readString(place));
                parts.put(json.string("node"), place.getParent().getFileName().toString());
            }
        }
        return parts;
    }

    /** Ends all that there is of an agent, as when its machine dies. */
    private void kill(String agent, WorkflowRun build) throws Exception {
        String id = parts(build).get(agent);
        jenkins.stopAgent(agent);
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(id))
                .forEach(ProcessHandle::destroyForcibly);
        PoolEnvironment.runCookie(id).processes().forEach(ProcessHandle::destroyForcibly);
    }

    private int lines(String name) throws Exception {
        return Await.lines(file(name)).size();
    }

    @Test
    public void nothingIsLostOrDoneTwiceInResultsWhereOneIsSlowAndOneDies() throws Exception {
        jenkins.agent("steady", "pool");
        jenkins.agent("slow", "pool");
        jenkins.agent("doomed", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 3, workers: 2, inputs: 1..120, "
                + "collect: 'out/**', command: 'mkdir -p out/{}; echo $NODE_NAME {} > out/{}/made; echo $NODE_NAME >> "
                + file("begun") + "; if [ $NODE_NAME = slow ]; then sleep 4; else sleep 0.4; fi; echo {}'\n"
                + "echo \"ended ${r.succeeded} of ${r.size()}, right ${r.every { it.value == it.name }}\"\n"
                + "echo \"twice ${r.findAll { it.attempts == 2 }.size()}, more ${r.any { it.attempts > 2 }}\"\n"
                + "echo \"on ${r.collect { it.node }.toSet().sort()}\"");
        Await.until("work of the doomed", () -> Await.lines(file("begun")).stream()
                .filter("doomed"::equals)
                .count() > 6);
        kill("doomed", build);
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 120 of 120, right true", build);
        jenkins.assertLogContains("more false", build);
        jenkins.assertLogNotContains("twice 0,", build);
        jenkins.assertLogContains("on [doomed, slow, steady]", build);
        jenkins.assertLogContains("agent 'doomed' gets no more branches: ", build);
        BuildRecord.of(build).assertEachOnce(120);
        for (JsonObject branch : BuildRecord.of(build).branches()) {
            String made = branch.object("details").string("node") + " " + branch.string("name") + "\n";
            Path file = build.getRootDir().toPath().resolve("archive/out/" + branch.string("name") + "/made");
            assertEquals("a branch that has ended has its file here", made, Files.readString(file));
        }
        Map<String, Integer> counts = BuildRecord.of(build).byNode();
        assertTrue("" + counts, counts.get("slow") < counts.get("steady") / 3);
    }

    @Test
    public void whatABranchWroteIsKeptAlsoIfItsNodeDiesAfterwards() throws Exception {
        jenkins.agent("steady", "pool");
        jenkins.agent("doomed", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..40, keepOutput: true, "
                + "shell: 'sh -e', command: 'echo $NODE_NAME >> " + file("begun") + "; seq 3000; sleep 0.2; echo end of {}'\n"
                + "echo \"ended ${r.succeeded} of ${r.size()} on ${r.collect { it.node }.toSet().sort()}\"\n"
                + "echo \"in ${r.collect { it.stdoutFile.split('/')[1] }.toSet().size()} folder\"");
        Await.until("work of the doomed", () -> Await.lines(file("begun")).stream().filter("doomed"::equals).count() > 4);
        kill("doomed", build);
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 40 of 40 on [doomed, steady]", build);
        jenkins.assertLogContains("in 1 folder", build);
        for (JsonObject branch : BuildRecord.of(build).branches()) {
            Path kept = build.getRootDir().toPath().resolve("archive/" + branch.object("details").string("stdoutFile"));
            List<String> lines = Files.readAllLines(kept);
            assertEquals(3001, lines.size());
            assertEquals("end of " + branch.string("name"), lines.get(3000));
        }
    }

    @Test
    public void anAbortEndsTheWorkOnAllNodesAndFreesTheirExecutors() throws Exception {
        jenkins.agent("left", "pool");
        jenkins.agent("right", "pool");
        WorkflowRun build = jenkins.start("cpuPool label: 'pool', nodes: 3, workers: 2, inputs: 1..50, "
                + "command: 'echo {} >> " + file("begun") + "; sleep 1000'");
        Await.until("work on both", () -> lines("begun") == 4);
        assertEquals(2, PipelineRule.heldExecutors(jenkins).size());
        assertShown(build);
        List<String> ids = List.copyOf(parts(build).values());
        assertEquals(2, ids.size());
        build.doStop();
        jenkins.assertEnd(Result.ABORTED, build);
        jenkins.assertLogContains("50 cancelled", build);
        BuildRecord.of(build).assertEachOnce(50);
        for (String id : ids) {
            Await.until("the end of processes", () -> PoolEnvironment.runCookie(id).processes().isEmpty());
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
            jenkins.agent(name, "pool");
        }
        double one = perSecond(1, 24);
        double three = perSecond(3, 144);
        System.out.printf(
                "tasks that sleep for 2 s, 2 workers on each: %.2f a second on one agent, %.2f on three, %.2f times as many%n",
                one, three, three / one);
        assertTrue(three + " a second instead of " + one, three >= 2.5 * one);
    }

    private double perSecond(int nodes, int inputs) throws Exception {
        WorkflowRun build = jenkins.start("cpuPool label: 'pool', nodes: " + nodes + ", workers: 2, inputs: 1.." + inputs
                + ", command: 'sleep 2; : {}', onFailure: 'fail'");
        jenkins.assertEnd(Result.SUCCESS, build);
        BuildRecord.of(build).assertEachOnce(inputs);
        long begin = Long.MAX_VALUE;
        long end = 0;
        for (JsonObject branch : BuildRecord.of(build).branches()) {
            begin = Math.min(begin, branch.longValue("start"));
            end = Math.max(end, branch.longValue("start") + branch.longValue("millis"));
        }
        return inputs * 1000.0 / (end - begin);
    }

    @Test
    public void aFunctionThatDoesNotCompileFailsTheStepAlsoWhereNodesAreMissing() throws Exception {
        jenkins.agent("here", "pool");
        WorkflowRun build = jenkins.start("cpuPool label: 'pool', nodes: 4, inputs: 1..9, groovy: 'no no no ('");
        jenkins.assertEnd(Result.FAILURE, build);
        jenkins.assertLogContains("ERROR: cpuPool: agent 'here': ", build);
        BuildRecord.of(build).assertEachOnce(9);
    }

    @Test
    public void aStashIsUnpackedOnEachNodeFirst() throws Exception {
        jenkins.agent("here", "pool");
        jenkins.agent("there", "pool");
        WorkflowRun build = jenkins.start("node('built-in') { writeFile file: 'tools/greet', text: 'echo hello $1'; stash 'tools' }\n"
                + "env.OF_BUILD = 'b'\n"
                + "withEnv(['OF_BLOCK=w']) {\n"
                + "def r = cpuPool label: 'pool', nodes: 2, stash: 'tools', inputs: 1..10, workers: 1, "
                + "command: 'sleep 0.5; echo $OF_BUILD $OF_BLOCK $(sh tools/greet {})'\n"
                + "echo \"${r.values()}\"\n}");
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("[b w hello 1, b w hello 2, ", build);
        assertEquals(2, BuildRecord.of(build).byNode().size());
    }

    @Test
    public void fetchedFilesComeBackToTheWorkspaceAroundTheStep() throws Exception {
        jenkins.agent("here", "pool");
        jenkins.agent("there", "pool");
        HttpTestServer.Behaviour slow = (request, to) -> {
            LockSupport.parkNanos(200_000_000);
            to.respond(200, request.path());
        };
        WorkflowRun build;
        try (HttpTestServer server = new HttpTestServer(slow)) {
            build = jenkins.start("node('built-in') { def r = parallelFetch label: 'pool', nodes: 2, concurrency: 2, "
                    + "urls: (1..40).collect { '" + server.url("/") + "' + it + '/page.txt' }, toDir: 'pages', collect: 'pages/**'\n"
                    + "echo \"ended ${r.succeeded}, files ${r.collect { it.path }.toSet().size()}\"\n"
                    + "echo \"right ${r.every { readFile(it.path) == '/' + (it.index + 1) + '/page.txt' }}\"\n}");
            jenkins.assertEnd(Result.SUCCESS, build);
        }
        jenkins.assertLogContains("ended 40, files 40", build);
        jenkins.assertLogContains("right true", build);
        BuildRecord.of(build).assertEachOnce(40);
        assertEquals(2, BuildRecord.of(build).byNode().size());
    }

    @Test
    public void whatANodeFetchesItProcessesAndAnotherDoesBothIfItDies() throws Exception {
        jenkins.agent("steady", "pool");
        jenkins.agent("doomed", "pool");
        WorkflowRun build;
        try (HttpTestServer server = new HttpTestServer((request, to) -> to.respond(200, request.path()))) {
            build = jenkins.start("def r = parallelFetch label: 'pool', nodes: 2, urls: (1..60).collect { '" + server.url("/")
                    + "' + it }, toDir: 'pages', concurrency: 'auto', process: [workers: 2, command: 'echo $NODE_NAME >> "
                    + file("begun") + "; sleep 0.3; echo $NODE_NAME of $(cat {})']\n"
                    + "echo \"ended ${r.succeeded}, ${r.every { it.value == it.node + ' of /' + (it.index + 1) }}\"\n"
                    + "echo \"on ${r.collect { it.node }.toSet().sort()}, once ${r.every { it.processAttempts == 1 }}\"");
            Await.until("work of the doomed", () -> Await.lines(file("begun")).stream().filter("doomed"::equals).count() > 4);
            kill("doomed", build);
            jenkins.assertEnd(Result.SUCCESS, build);
        }
        jenkins.assertLogContains("ended 60, true", build);
        jenkins.assertLogContains("on [doomed, steady], once true", build);
        BuildRecord.of(build).assertEachOnce(60);
    }

    @Test
    public void aListInTheWorkspaceAroundTheStepIsDividedAmongTheNodes() throws Exception {
        jenkins.agent("around");
        jenkins.agent("one", "pool");
        jenkins.agent("two", "pool");
        WorkflowRun build;
        try (HttpTestServer server = new HttpTestServer((request, to) -> to.respond(200, request.path()))) {
            build = jenkins.start("node('around') { dir('lists') {\n"
                    + "writeFile file: 'list.txt', text: (1..40).join('\\n')\n"
                    + "def r = cpuPool label: 'pool', nodes: 3, workers: 1, inputsFile: 'list.txt', command: 'sleep 0.2; echo of {}'\n"
                    + "echo \"ended ${r.every { it.value == 'of ' + it.name }} on ${r.collect { it.node }.toSet().sort()}\"\n"
                    + "writeFile file: 'urls.txt', text: (1..9).collect { '" + server.url("/") + "' + it }.join('\\n')\n"
                    + "def f = parallelFetch label: 'pool', nodes: 2, urlsFile: 'urls.txt'\n"
                    + "echo \"fetched ${f.values()}\"\n"
                    + "cpuPool label: 'pool', inputsFile: 'none.txt', command: 'echo'\n}}");
            jenkins.assertEnd(Result.FAILURE, build);
        }
        jenkins.assertLogContains("ended true on [one, two]", build);
        jenkins.assertLogContains("fetched [/1, /2, /3, /4, /5, /6, /7, /8, /9]", build);
        jenkins.assertLogContains("ERROR: cpuPool: inputsFile: there is no file none.txt", build);
        WorkflowRun outside = jenkins.run(Result.FAILURE, "cpuPool label: 'pool', inputsFile: 'list.txt', command: 'echo'");
        jenkins.assertLogContains("ERROR: cpuPool: inputsFile: needs a workspace; call the step inside 'node', or give 'stash'", outside);
        assertEquals(0, PipelineRule.heldExecutors(jenkins).size());
    }

    /** The stash has a hundred thousand inputs, but also what no controller should unpack. */
    @Test
    public void outsideNodeAListIsReadFromTheStash() throws Exception {
        jenkins.agent("around");
        jenkins.agent("one", "pool");
        WorkflowRun build;
        try (HttpTestServer server = new HttpTestServer((request, to) -> to.respond(200, request.path()))) {
            build = jenkins.start("node('around') {\n"
                    + "writeFile file: 'lists/large.txt', text: (1..100000).join('\\n')\n"
                    + "writeFile file: 'lists/a.ndjson', text: '{\"a\": 1}\\n{\"a\": 2}'\n"
                    + "writeFile file: 'urls.txt', text: (1..9).collect { '" + server.url("/") + "' + it }.join('\\n')\n"
                    + "sh 'ln -s urls.txt link.txt'\n"
                    + "stash 'lists' }\n"
                    + "def r = cpuPool label: 'pool', stash: 'lists', inputsFile: './lists/a.ndjson', command: 'ls lists | wc -l; echo {a}'\n"
                    + "echo \"ended ${r.collect { it.stdout.split() }}\"\n"
                    + "def l = cpuPool label: 'pool', workers: 1, stash: 'lists', inputsFile: 'lists/large.txt', failFast: true,"
                    + " onFailure: 'ignore', command: 'false'\n"
                    + "echo \"of ${l.size()}\"\n"
                    + "echo \"fetched ${parallelFetch(label: 'pool', stash: 'lists', urlsFile: 'urls.txt').values()}\"\n"
                    + "for (c in [[stash: 'lists', inputsFile: 'link.txt'], [stash: 'none', inputsFile: 'urls.txt'],"
                    + " [stash: '../stashes/lists', inputsFile: 'urls.txt']]) {\n"
                    + "try { cpuPool([label: 'pool', command: 'echo'] + c) } catch (e) { echo e.message }\n}");
            jenkins.assertEnd(Result.SUCCESS, build);
        }
        jenkins.assertLogContains("ended [[2, 1], [2, 2]]", build);
        jenkins.assertLogContains("of 100000", build);
        jenkins.assertLogContains("fetched [/1, /2, /3, /4, /5, /6, /7, /8, /9]", build);
        jenkins.assertLogContains("cpuPool: inputsFile: there is no file link.txt in the stash 'lists'", build);
        jenkins.assertLogContains("cpuPool: inputsFile: the build has no stash 'none'", build);
        jenkins.assertLogContains("cpuPool: inputsFile: the build has no stash '../stashes/lists'", build);
        jenkins.assertLogNotContains("\tat ", build);
    }

    @Test
    public void anUnknownStashFailsTheStepInOneLine() throws Exception {
        jenkins.agent("here", "pool");
        WorkflowRun build = jenkins.start("cpuPool label: 'pool', nodes: 2, stash: 'nothing', tasks: ['true', 'true']");
        jenkins.assertEnd(Result.FAILURE, build);
        jenkins.assertLogContains("ERROR: cpuPool: No such saved stash", build);
        jenkins.assertLogNotContains("\tat ", build);
    }

    @Test
    public void failFastStopsTheOtherNodes() throws Exception {
        jenkins.agent("here", "pool");
        jenkins.agent("there", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, failFast: true, inputs: 1..20, "
                + "onFailure: 'ignore', command: 'echo {} >> " + file("begun") + "; until [ -e " + file("go")
                + " ]; do sleep 0.1; done; test {} != 1 && sleep 1000'\n"
                + "echo \"failed ${r.failed}, cancelled ${r.cancelled}\"");
        Await.until("work on both", () -> lines("begun") == 2);
        Files.createFile(file("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("failed 1, cancelled 19", build);
        BuildRecord.of(build).assertEachOnce(20);
    }

    /** The first branch on each node fails, so no node spends the budget alone. */
    @Test
    public void aFailureBudgetIsThatOfAllNodesAndLetsThemEndWhatTheyHaveBegun() throws Exception {
        jenkins.agent("here", "pool");
        jenkins.agent("there", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 2, workers: 2, matrix: [n: 1..20], failFast: '10%',"
                + " failFastMode: 'soon', onFailure: 'ignore', command: 'if mkdir " + file("$NODE_NAME") + " 2>/dev/null; then"
                + " role=bad; else role=good; fi; echo {n} >> " + file("begun") + "; until [ -e " + file("$role")
                + ".go ]; do sleep 0.1; done; test $role = good'\n"
                + "echo \"failed ${r.failed}, rest ${r.succeeded in 2..17}, \" + r.findAll { it.outcome == 'cancelled' }"
                + ".every { it.attempts == 0 && it.error.message.endsWith('failure 2 of 2') }");
        Await.until("work on both", () -> lines("begun") == 4);
        Files.createFile(file("bad.go"));
        BuildRecord record = BuildRecord.of(build);
        Await.until("the budget to be spent", () -> JournalIndex.read(record.awaitRun().journal()).count(OutcomeStatus.CANCELLED) > 0);
        Files.createFile(file("good.go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("failed 2, rest true, true", build);
        record.assertEachOnce(20);
    }

    @Test
    public void anExecutorThatIsTakenAwayLeavesTheWorkToTheOthers() throws Exception {
        jenkins.agent("here", "pool");
        jenkins.agent("there", "pool");
        WorkflowRun build = jenkins.start("def r = cpuPool label: 'pool', nodes: 2, workers: 1, inputs: 1..12, retries: 1, "
                + "command: 'echo $NODE_NAME >> " + file("begun") + "; [ -e " + file("go") + " ] || sleep 2'\n"
                + "echo \"ended ${r.succeeded}, attempts ${r.collect { it.attempts }.toSet()}\"");
        Await.until("work on both", () -> Await.lines(file("begun")).stream().distinct().count() == 2);
        jenkins.jenkins.getComputer("here").getExecutors().get(0).interrupt();
        Await.until("the end there", () -> jenkins.jenkins.getComputer("here").isIdle());
        Files.createFile(file("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("ended 12, attempts [1]", build); // what was stopped there has used none
        jenkins.assertLogContains("agent 'here' gets no more branches: its executor was lost", build);
        BuildRecord.of(build).assertEachOnce(12);
    }
}
