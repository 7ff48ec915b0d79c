package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.StepLimits;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Steps follow what the administrator has set, and say so where a call asked for something else. */
public class AdministratorsLimitsTest {

    private static final String TOLD = "limited by the administrator: ";

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final HttpTestServer server = new HttpTestServer((request, to) -> {
        meetAnother();
        to.respond(request.path().equals("/bad") ? 503 : 200, "x".repeat(request.path().equals("/large") ? 3_000 : 3));
    });

    private final String root = server.root();

    // Guarded by this.
    private int open;
    private int mostOpen;

    private ConcurrencyConfiguration configuration;
    private StepLimits limits;

    @Before
    public void start() throws Exception {
        configuration = ConcurrencyConfiguration.get();
        limits = configuration.getLimits();
        PipelineRule.allowOwnNetwork();
    }

    /** Gives another request that is under way the time to arrive. */
    private synchronized void meetAnother() {
        open++;
        mostOpen = Math.max(mostOpen, open);
        notifyAll();
        try {
            if (open == 1) {
                wait(300);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open--;
    }

    private synchronized int mostOpen() {
        return mostOpen;
    }

    private static List<String> limitLines(WorkflowRun run) throws Exception {
        return run.getLog(1_000).stream().filter(line -> line.contains(TOLD)).toList();
    }

    @Test
    public void aFetchGetsWhatItMayHave() throws Exception {
        limits.setConcurrency(1);
        limits.setPerHost(7);
        limits.setRate(5_000);
        limits.setRetries(1);
        limits.setTimeout(90);
        WorkflowRun run = jenkins.run(
                Result.UNSTABLE,
                "def r = parallelFetch urls: ['" + root + "/bad', '" + root + "/a', '" + root + "/b', '" + root
                        + "/c'], concurrency: 50, perHost: 8, rate: 9000.5, retries: 9, retryDelay: 0, timeout: 120\n"
                        + "echo \"attempts ${r.collect { it.attempts }}\"");
        assertEquals(
                List.of("parallelFetch: " + TOLD + "concurrency 1 instead of 50, perHost 7 instead of 8,"
                        + " rate 5000 instead of 9000.5, retries 1 instead of 9, timeout 90 instead of 120"),
                limitLines(run));
        jenkins.assertLogContains("attempts [2, 1, 1, 1]", run);
        assertEquals(1, mostOpen());
    }

    @Test
    public void whatIsCutOfADefaultIsNotTold() throws Exception {
        limits.setConcurrency(1);
        limits.setTimeout(30);
        limits.setWorkers(1);
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "parallelFetch urls: ['" + root + "/a', '" + root + "/b']\n"
                        + "node { cpuPool tasks: ['true', 'true'] }\ngather a: { echo 'a' }, b: { echo 'b' }");
        assertEquals(List.of(), limitLines(run));
        assertEquals(1, mostOpen());
    }

    @Test
    public void withoutLimitsACallGetsWhatItAsksFor() throws Exception {
        WorkflowRun run =
                jenkins.run(Result.SUCCESS, "parallelFetch urls: ['" + root + "/a', '" + root + "/b'], concurrency: 2");
        assertEquals(List.of(), limitLines(run));
        assertEquals("the limits of the other tests are what makes it one", 2, mostOpen());
    }

    @Test
    public void callsThatSayNothingTakeTheDefaults() throws Exception {
        configuration.getDefaults().setRetries(2);
        WorkflowRun run = jenkins.run(
                Result.UNSTABLE,
                "def r = parallelFetch urls: ['" + root + "/bad'], retryDelay: 0\necho \"attempts ${r[0].attempts}\"");
        jenkins.assertLogContains("attempts 3", run);
        assertEquals(3, server.requests.size());
    }

    @Test
    public void aPoolAndAGatherGetWhatTheyMayHave() throws Exception {
        limits.setWorkers(1);
        limits.setConcurrency(2);
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "node { def r = cpuPool inputs: [1, 2, 3, 4], command: 'echo {}', workers: 3\n"
                        + "echo \"workers ${r.collect { it.worker }.unique()}\" }\n"
                        + "gather branches: [a: { echo 'a' }, b: { echo 'b' }, c: { echo 'c' }], concurrency: 3");
        assertEquals(
                List.of(
                        "cpuPool: " + TOLD + "workers 1 instead of 3",
                        "gather: " + TOLD + "concurrency 2 instead of 3"),
                limitLines(run));
        jenkins.assertLogContains("workers [1]", run);
    }

    @Test
    public void threadsAndOutputsAreHeldToTheirLimits() throws Exception {
        limits.setThreads(1);
        configuration.getSizes().setOutput(1);
        WorkflowRun run = jenkins.run(
                Result.UNSTABLE,
                "node { def r = ioPool inputs: [1, 2, 3, 4], command: 'echo {}', threads: 3\n"
                        + "echo \"threads ${r.collect { it.worker }.unique()}\"\n"
                        + "r = ioPool tasks: ['yes'], maxOutput: 20\n"
                        + "echo \"${r[0].error.type}\"\n"
                        + "r = ioPool inputs: [1, 2, 3, 4], command: 'echo {}'\n"
                        + "echo \"as many as suit ${r.collect { it.worker }.unique()}\" }");
        assertEquals(
                List.of(
                        "ioPool: " + TOLD + "threads 1 instead of 3",
                        "ioPool: " + TOLD + "maxOutput 1 instead of 20"),
                limitLines(run));
        jenkins.assertLogContains("threads [1]", run);
        jenkins.assertLogContains("too-large", run);
        jenkins.assertLogContains("as many as suit [1]", run);
    }

    @Test
    public void bodiesAndJournalsAreHeldToTheirSizes() throws Exception {
        configuration.getSizes().setText(2);
        WorkflowRun large = jenkins.run(
                Result.UNSTABLE, "def r = parallelFetch urls: ['" + root + "/large']\necho \"${r[0].error.type}\"");
        jenkins.assertLogContains("too-large", large);
        configuration.getSizes().setBody(1);
        WorkflowRun cut = jenkins.run(
                Result.SUCCESS,
                "node { parallelFetch urls: ['" + root + "/large'], toDir: 'pages', maxBytes: 2000000 }");
        assertEquals(List.of("parallelFetch: " + TOLD + "maxBytes 1048576 instead of 2000000"), limitLines(cut));
    }

    @Test
    public void aSupervisorHasTheHeapThatItIsGiven() throws Exception {
        assumeTrue("skipped: needs Linux' /proc", Files.exists(Path.of("/proc/self/status")));
        configuration.setSupervisorHeap(123);
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                """
                node { echo cpuPool(tasks: ['''
                    pid=$$
                    while [ "$pid" -gt 1 ]; do
                      tr '\\\\0' '\\\\n' < /proc/$pid/cmdline
                      pid=$(awk '/^PPid/ { print $2 }' /proc/$pid/status)
                    done | grep '^-Xmx' | head -n 1'''])[0].value }
                """);
        jenkins.assertLogContains("-Xmx123m", run);
    }

    @Test
    public void certificatesAreCheckedUnlessTheAdministratorAllowsOtherwise() throws Exception {
        String script = "parallelFetch urls: ['" + root + "/a'], ignoreTls: true";
        jenkins.assertLogContains("ignoreTls: the administrator does not allow it", jenkins.run(Result.FAILURE, script));
        assertEquals(0, server.requests.size());
        configuration.setAllowIgnoreTls(true);
        jenkins.run(Result.SUCCESS, script);
    }

    @Test
    public void rulesHoldForTheMachineThatTheyAreFor() throws Exception {
        configuration.getController().setRefuse("127.0.0.1");
        WorkflowRun refused = jenkins.run(
                Result.UNSTABLE, "def r = parallelFetch urls: ['" + root + "/a']\necho \"${r[0].error.type}\"");
        jenkins.assertLogContains("blocked", refused);
        assertEquals(0, server.requests.size());
        jenkins.run(Result.SUCCESS, "node { parallelFetch urls: ['" + root + "/a'] }");
        configuration.getAgents().setRefuse("*");
        WorkflowRun onAgent = jenkins.run(
                Result.UNSTABLE,
                "node { def r = parallelFetch urls: ['" + root + "/a']\necho \"${r[0].error.type}\" }");
        assertTrue(onAgent.getLog(1_000).contains("blocked"));
        assertEquals(1, server.requests.size());
    }
}
