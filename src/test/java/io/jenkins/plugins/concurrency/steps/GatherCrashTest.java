package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/** {@code gather} when the controller is killed. */
public class GatherCrashTest {

    @Rule
    public final RealJenkinsRule controller = new RealJenkinsRule().withTimeout(900);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void eachBranchIsDoneOnceAlthoughTheControllerIsKilled() throws Throwable {
        File root = folder.getRoot();
        controller.startJenkins();
        controller.runRemotely(GatherCrashTest::startBuild, root);
        controller.stopJenkinsForcibly();
        Files.createFile(root.toPath().resolve("go"));
        controller.startJenkins();
        controller.runRemotely(GatherCrashTest::assertEnd);
        for (String name : List.of("a", "b", "c", "d")) {
            assertEquals(name, List.of(name), Files.readAllLines(root.toPath().resolve("done-" + name)));
        }
    }

    /** One branch is done, two are live, one waits. */
    private static void startBuild(JenkinsRule jenkins, File root) throws Exception {
        String wait = "while ! test -e " + root + "/go; do sleep 0.1; done; ";
        WorkflowRun run = PipelineRule.start(
                jenkins,
                "job",
                "node {\ndef r = gather branches: [\n"
                        + "a: { sh 'echo a >> " + root + "/done-a'; 1 },\n"
                        + "b: { sh 'touch " + root + "/live-b; " + wait + "echo b >> " + root + "/done-b'; 2 },\n"
                        + "c: { sh 'touch " + root + "/live-c; " + wait + "echo c >> " + root + "/done-c'; 3 },\n"
                        + "d: { sh 'echo d >> " + root + "/done-d'; 4 }\n], concurrency: 2\n"
                        + "echo \"ended ${r.values()} ${r.collect { it.attempts }}\"\n}");
        awaitFile(root.toPath().resolve("live-b"), run);
        awaitFile(root.toPath().resolve("live-c"), run);
        // Jenkins keeps the state of its program some milliseconds after a step has begun; a death before that is
        // Pipeline's own affair.
        ((CpsFlowExecution) run.getExecution()).waitForSuspension();
    }

    private static void awaitFile(Path file, WorkflowRun run) throws Exception {
        Await.until(file.toString(), () -> {
            assertTrue("the build has ended before it made " + file, run.isBuilding() || Files.exists(file));
            return Files.exists(file);
        });
    }

    private static void assertEnd(JenkinsRule jenkins) throws Exception {
        WorkflowRun run = jenkins.jenkins.getItemByFullName("job", WorkflowJob.class).getBuildByNumber(1);
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
        jenkins.assertLogContains("ended [1, 2, 3, 4] [1, 1, 1, 1]", run);
        jenkins.assertLogContains("gather: 4 branches in", run);
    }
}
