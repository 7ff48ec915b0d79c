package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.htmlunit.Page;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Outputs of commands on an agent that are shown while they grow, and kept as artifacts. */
public class PoolOutputsTest {

    private static final String SECRET = "s3cr3t-Vc9XbQ2mZk7Lr4Tw";

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private WorkflowRun start(String script) throws Exception {
        jenkins.agent("remote");
        return jenkins.start("node('remote') {\n" + script + "\n}");
    }

    private Path workspace(WorkflowRun run) {
        return jenkins.workspace("remote", run.getParent());
    }

    private String download(WorkflowRun run, String artifact) throws Exception {
        Page page = jenkins.createWebClient().goTo(run.getUrl() + "artifact/" + artifact, null);
        return page.getWebResponse().getContentAsString();
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(text, matcher.find());
        return matcher.group(1);
    }

    @Test
    public void wholeOutputsCanBeDownloadedAndNothingStaysOnTheAgent() throws Exception {
        WorkflowRun run = start("def r = cpuPool tasks: [long: 'seq 50000', bad: 'echo why >&2; exit 3'], keepOutput: true, "
                + "onFailure: 'ignore'\n"
                + "echo \"kept ${r['long'].stdoutFile} and ${r['bad'].stderrFile}.\"");
        jenkins.assertEnd(Result.SUCCESS, run);
        String log = JenkinsRule.getLog(run);
        assertEquals(50_000, download(run, found("kept (\\S+) and", log)).lines().count());
        assertEquals("why", download(run, found(" and (\\S+)\\.", log)).strip());
        Await.gone(BuildRecord.of(run).awaitRunOnAgent(workspace(run)).directory());
        String branch = "concurrency/branch?index=0&run=" + BuildRecord.of(run).awaitRunId();
        String details = jenkins.createWebClient()
                .goTo(run.getUrl() + branch, "application/json")
                .getWebResponse()
                .getContentAsString();
        assertTrue(details, details.contains("../artifact/concurrency/cpuPool-"));
    }

    @Test
    public void linesAreInTheLogWhileCommandsRunWithoutSecrets() throws Exception {
        PipelineRule.addSecretText("token", SECRET);
        WorkflowRun run = start("withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                + "def r = cpuPool tasks: [a: 'echo \"got $TOKEN\"; until test -e go; do sleep 0.1; done; seq 50000'], "
                + "follow: true, keepOutput: true\n"
                + "echo \"kept ${r['a'].stdoutFile} at last\"\n}");
        jenkins.waitForMessage("[a] got ****", run);
        assertTrue("it runs", run.isBuilding());
        Files.createFile(workspace(run).resolve("go"));
        jenkins.assertEnd(Result.SUCCESS, run);
        String log = JenkinsRule.getLog(run);
        assertTrue(log, Pattern.compile("^\\[a\\] … [\\d,]+ lines left out$", Pattern.MULTILINE).matcher(log).find());
        String kept = download(run, found("kept (\\S+) at last", log));
        assertTrue(kept.startsWith("got ****\n1\n2\n"));
        assertFalse(log.contains(SECRET));
    }

    @Test
    public void anAgentThatIsAwayAtTheEndSendsWhatWasKeptWhenItIsBack() throws Exception {
        WorkflowRun run = start("def r = cpuPool tasks: [a: 'touch begun; until test -e go; do sleep 0.1; done; seq 50000; "
                + "touch done'], keepOutput: true\n"
                + "echo \"kept ${r['a'].stdoutFile} at last\"");
        Path workspace = workspace(run);
        Await.file(workspace.resolve("begun"));
        jenkins.stopAgent("remote");
        Files.createFile(workspace.resolve("go"));
        Await.file(workspace.resolve("done"));
        jenkins.startAgent("remote");
        jenkins.assertEnd(Result.SUCCESS, run);
        String kept = download(run, found("kept (\\S+) at last", JenkinsRule.getLog(run)));
        assertEquals(50_000, kept.lines().count());
    }
}
