package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** What is fetched and processed on an agent in its own process, in a sandboxed Pipeline. */
public class MixedWorkTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    private final String root = server.root();

    @Before
    public void createAgent() throws Exception {
        server.on("ok", (request, to) -> to.respond(200, "body of " + request.path()));
        jenkins.agent("remote");
    }

    @Test
    public void eachResponseIsProcessedOnTheAgent() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.UNSTABLE,
                "node('remote') {\n"
                        + "withEnv(['GREETING=hello']) {\n"
                        + "def r = parallelFetch urls: [a: '" + root + "/ok/a', none: '" + root + "/none', c: '" + root + "/ok/c'],\n"
                        + "    toDir: 'pages', name: 'crawl', process: [retries: 1, retryDelay: 0, workers: 2,\n"
                        + "        command: 'echo $GREETING $(cat {}); test {/} != c']\n"
                        + "for (x in r) echo \"${x.name}: ${x.ok} ${x.status} ${x.path} ${x.value} ${x.attempts} ${x.processAttempts}\"\n"
                        + "def f = parallelFetch urls: ['" + root + "/ok/f'], process: [groovy: \"input.body + ' ' + input.status\"]\n"
                        + "echo \"function: ${f[0].value}\"\n"
                        + "}\n"
                        + "}");
        jenkins.assertLogContains("a: true 200 pages/a hello body of /ok/a 1 1", run);
        jenkins.assertLogContains("none: false 404 null null 1 0", run);
        jenkins.assertLogContains("c: false 200 pages/c null 1 2", run);
        jenkins.assertLogContains("function: body of /ok/f 200", run);
        jenkins.assertLogContains("crawl: 3 branches in ", run);
        assertEquals(
                "none is fetched again",
                List.of("/none", "/ok/a", "/ok/c", "/ok/f"),
                server.paths().stream().sorted().toList());
    }

    @Test
    public void itIsRefusedWhereCommandsWouldBeInTheWrongPlace() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.FAILURE, "parallelFetch urls: ['" + root + "/ok/a'], process: [groovy: '1']");
        jenkins.assertLogContains("parallelFetch: process: needs a workspace; call the step inside 'node'", run);
        assertTrue(server.requests.isEmpty());
    }
}
