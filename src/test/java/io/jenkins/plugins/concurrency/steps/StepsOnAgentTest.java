package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Both steps in sandboxed Pipelines of a real Jenkins, on the built-in node and on an agent in its own process. */
public class StepsOnAgentTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    private final String root = server.root();

    @Before
    public void startServer() throws Exception {
        server.on("ok", (request, to) ->
                to.respond(200, "text/plain", "body of " + request.path(), "X-Test: yes"));
    }

    private static String script(String node, String body) {
        return "node('" + node + "') {\n" + body + "\n}";
    }

    private String agent() throws Exception {
        jenkins.agent("remote");
        return "remote";
    }

    private void steps(String node) throws Exception {
        WorkflowRun run = jenkins.run(
                Result.UNSTABLE,
                script(
                        node,
                        "def pages = parallelFetch urls: ['" + root + "/ok/a', [name: 'b', url: '" + root
                                + "/ok/b', file: 'b.txt'], '" + root + "/missing', 'ftp://x/'], retries: 0\n"
                                + "echo \"fetched ${pages.succeeded} of ${pages.size()}, ${pages.failed} failed\"\n"
                                + "pages.failures.each { echo \"${it.index}: ${it.error.type}, ${it.error.message}\" }\n"
                                + "echo \"first: ${pages[0].body}, ${pages[0].status}, ${pages[0].headers['x-test']}\"\n"
                                + "echo \"b is in ${pages['b'].path}: ${readFile pages['b'].path}\"\n"
                                + "def sums = cpuPool inputs: [1, 2, 3], groovy: 'input * 2', onFailure: 'fail'\n"
                                + "echo \"sums ${sums.values()} ${sums.allSucceeded}\"\n"
                                + "def written = cpuPool shell: 'sh -u', tasks: [\n"
                                + "    'i=0; echo [; while [ $i -lt 5000 ]; do echo \"$i,\"; i=$((i + 1)); done; echo 0]',\n"
                                + "    '#!/bin/cat\\nfirst line']\n"
                                + "echo \"long ${written[0].value.length()} ${written[0].truncated}, ${written[1].value.readLines()}\"\n"
                                + "def files = cpuPool inputs: ['x/one.txt', \"it's\"], command: 'echo {/.}'\n"
                                + "for (f in files) { echo \"<${f.value}> ${f.exitCode} ${f.attempts}\" }\n"
                                + "echo \"found ${files.findAll { it.value == 'one' }.size()} ${files.collect { it.ok }}\""));
        jenkins.assertLogContains("fetched 2 of 4, 2 failed", run);
        jenkins.assertLogContains("2: status, HTTP 404", run);
        jenkins.assertLogContains("3: invalid, ", run);
        jenkins.assertLogContains("first: body of /ok/a, 200, yes", run);
        jenkins.assertLogContains("b is in b.txt: body of /ok/b", run);
        jenkins.assertLogContains("sums [2, 4, 6] true", run);
        jenkins.assertLogContains("long 28894 false, [#!/bin/cat, first line]", run);
        jenkins.assertLogContains("<one> 0 1", run);
        jenkins.assertLogContains("<it's> 0 1", run);
        jenkins.assertLogContains("found 1 [true, true]", run);
        assertWarned(run, "parallelFetch");
    }

    private static void assertWarned(WorkflowRun run, String step) {
        FlowNode node = new DepthFirstScanner()
                .findFirstMatch(run.getExecution(), candidate -> candidate.getDisplayFunctionName().equals(step));
        assertNotNull(step, node);
        WarningAction warning = node.getPersistentAction(WarningAction.class);
        assertNotNull("the step is marked", warning);
        assertEquals(Result.UNSTABLE, warning.getResult());
    }

    @Test
    public void bothStepsOnTheBuiltInNode() throws Exception {
        steps("built-in");
    }

    @Test
    public void bothStepsOnAnAgent() throws Exception {
        steps(agent());
    }

    @Test
    public void ioPoolInAllItsFormsOnAnAgent() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                script(
                        agent(),
                        "withEnv(['GREETING=hello']) {\n"
                                + "def tasks = ioPool tasks: [a: 'echo $GREETING', b: 'exit 3'], onFailure: 'ignore'\n"
                                + "echo \"tasks ${tasks['a'].value} ${tasks['b'].exitCode}\"\n"
                                + "def commands = ioPool inputs: ['x/y.txt'], command: 'echo {/}', threads: 3\n"
                                + "echo \"commands ${commands.values()}\"\n"
                                + "def functions = ioPool inputs: (1..8).toList(), threads: 8, groovy: '''\n"
                                + "println System.getenv('GREETING') + input\n"
                                + "[input, java.lang.management.ManagementFactory.runtimeMXBean.pid]'''\n"
                                + "def values = functions.values()\n"
                                + "echo \"functions ${values.collect { it[0] }} in ${values.collect { it[1] }.unique().size()} process\"\n"
                                + "echo \"printed ${functions[7].stdout.trim()}\"\n"
                                + "writeFile file: 'worker.sh', text: 'while read -r line; do echo \"{\\\\\"output\\\\\":\\\\\"$GREETING\\\\\"}\"; done'\n"
                                + "def workers = ioPool inputs: ['in'], worker: 'sh worker.sh'\n"
                                + "echo \"workers ${workers.values()}\"\n"
                                + "}"));
        jenkins.assertLogContains("tasks hello 3", run);
        jenkins.assertLogContains("commands [y.txt]", run);
        jenkins.assertLogContains("functions [1, 2, 3, 4, 5, 6, 7, 8] in 1 process", run);
        jenkins.assertLogContains("printed hello8", run);
        jenkins.assertLogContains("workers [hello]", run);
        jenkins.assertLogContains("ioPool: 8 branches in", run);
    }

    @Test
    public void fetchWithoutANode() throws Exception {
        PipelineRule.allowOwnNetwork();
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "def r = parallelFetch urls: [one: '" + root + "/ok/1', two: '" + root + "/missing'], onFailure: 'ignore'\n"
                        + "echo \"${r['one'].body}; ${r['two'].error.type}\"");
        jenkins.assertLogContains("body of /ok/1; status", run);
    }

    @Test
    public void jsonIsPlainMapsAndLists() throws Exception {
        PipelineRule.allowOwnNetwork();
        server.on("json", (request, to) -> to.respond(200, "{\"items\":[{\"n\":1},{\"n\":2.5}],\"name\":\"\\u00e9\"}"));
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "def r = parallelFetch urls: ['" + root + "/json', '" + root + "/ok/x']\n"
                        + "def data = r[0].json()\n"
                        + "echo 'a step in between'\n"
                        + "echo \"${data.items.collect { it.n }} ${data.name} ${data instanceof Map}\"\n"
                        + "try { r[1].json() } catch (e) { echo \"sorry, ${e.message}\" }");
        jenkins.assertLogContains("[1, 2.5] \u00e9 true", run);
        jenkins.assertLogContains("sorry, the body of '" + root + "/ok/x' is no JSON: Unrecognized token", run);
    }

    @Test
    public void theControllerKeepsOutOfItsOwnNetwork() throws Exception {
        String script = "parallelFetch(urls: ['" + root + "/ok/1', 'http://169.254.169.254/'], onFailure: 'ignore')"
                + ".each { echo \"${it.error.type}: ${it.error.message}\" }";
        WorkflowRun refused = jenkins.run(Result.SUCCESS, script);
        jenkins.assertLogContains("blocked: '127.0.0.1' is a loopback address, and internal destinations", refused);
        jenkins.assertLogContains("blocked: '169.254.169.254' is a link-local address, which is never", refused);
        WorkflowRun onNode = jenkins.run(Result.SUCCESS, script("built-in", script.replace("it.error.type", "it.error?.type")
                .replace("it.error.message", "it.error?.message")));
        jenkins.assertLogContains("null: null", onNode);
        jenkins.assertLogContains("blocked: '169.254.169.254' is a link-local address, which is never", onNode);
    }

    @Test
    public void onFailureFailThrowsWithTheResults() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.FAILURE,
                script(
                        "built-in",
                        "try { cpuPool tasks: [good: 'true', bad: 'exit 4'], onFailure: 'fail' }\n"
                                + "catch (e) { echo \"kept ${e.results['good'].ok}: ${e.message}\"; throw e }"));
        jenkins.assertLogContains(
                "kept true: cpuPool: 1 of 2 branches did not succeed: bad: exit: exit code 4", run);
        jenkins.assertLogContains("ERROR: cpuPool: 1 of 2 branches did not succeed", run);
        jenkins.assertLogNotContains("\tat io.jenkins.plugins.concurrency", run);
    }

    @Test
    public void resultsAreStillThereWhenTheBuildIsOver() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                script("built-in", "cpuPool tasks: [a: 'echo a']; cpuPool tasks: []"));
        List<RunFiles> runs = BuildRecord.of(run).runs();
        assertEquals(2, runs.size());
        for (RunFiles files : runs) {
            assertTrue(Files.readString(files.journal()).contains("\"finished\":"));
        }
    }

    @Test
    public void stoppingTheBuildStopsEveryProcess() throws Exception {
        String node = agent();
        WorkflowJob job = jenkins.job(script(
                node, "cpuPool tasks: [a: 'touch started-a; sleep 1000', b: 'touch started-b; sleep 1000'], name: 'naps'"));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Path workspace = jenkins.workspace(node, job);
        String runId = BuildRecord.of(run).awaitRunId();
        Await.file(workspace.resolve("started-a"));
        Await.file(workspace.resolve("started-b"));
        List<ProcessHandle> processes = PoolEnvironment.runCookie(runId).processes();
        assertFalse("the tasks run", processes.isEmpty());
        run.doStop();
        jenkins.assertEnd(Result.ABORTED, run);
        jenkins.assertLogContains("naps: 2 branches in", run);
        jenkins.assertLogContains("2 cancelled", run);
        for (ProcessHandle process : processes) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
        assertEquals(List.of(), PoolEnvironment.runCookie(runId).processes());
        Await.gone(BuildRecord.of(run).awaitRunOnAgent(workspace).directory());
    }

    @Test
    public void anEnclosingTimeoutStopsTheRun() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.ABORTED,
                script("built-in", "timeout(time: 3, unit: 'SECONDS') { cpuPool tasks: [a: 'sleep 1000'] }"));
        jenkins.assertLogContains("1 cancelled", run);
    }

    @Test
    public void wrongArgumentsEndInOneLine() throws Exception {
        assertError("cpuPool: no work is given; give either 'tasks'", "cpuPool()");
        assertError("cpuPool: unknown parameter 'wrokers'; did you mean 'workers'?", "cpuPool tasks: ['x'], wrokers: 1");
        assertError("cpuPool: workers: text (many) is given; allowed is a whole number", "cpuPool tasks: ['x'], workers: 'many'");
        assertError(
                "cpuPool: timeout: text (soon) is given; allowed is a number of seconds",
                "cpuPool tasks: ['x'], timeout: 'soon'");
        assertError("cpuPool: workers: -1 is given; allowed is 0 or more", "cpuPool tasks: ['x'], workers: -1");
        assertError(
                "parallelFetch: toDir: '../x' leads out of the workspace; give a relative path without '..'", "parallelFetch urls: ['http://127.0.0.1/'], toDir: '../x'");
        assertError(
                "parallelFetch: onFailure: 'explode' is given; allowed are [unstable, fail, ignore]",
                "parallelFetch urls: [], onFailure: 'explode'");
    }

    private void assertError(String message, String call) throws Exception {
        WorkflowRun run = jenkins.run(Result.FAILURE, script("built-in", call));
        jenkins.assertLogContains("ERROR: " + message, run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    public void cpuPoolNeedsANode() throws Exception {
        WorkflowRun run = jenkins.run(Result.FAILURE, "cpuPool tasks: ['x']");
        jenkins.assertLogContains("cpuPool: needs a workspace; call the step inside 'node', or give 'label', which gets nodes", run);
    }
}
