package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Runs whose builds do not go on are ended wherever they work, and leave nothing. */
public class DeadRunsTest {

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** What the next controller has to clean up. */
    private record Left(String runId, Path directory) {}

    private WorkflowRun start(JenkinsRule jenkins) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        Path flags = folder.getRoot().toPath();
        job.setDefinition(new CpsFlowDefinition(
                "node { cpuPool tasks: [a: 'touch " + flags + "/started; while ! test -e " + flags
                        + "/go; do sleep 0.1; done'] }",
                true));
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        Await.file(flags.resolve("started"));
        return build;
    }

    private static Left left(JenkinsRule jenkins, WorkflowRun build) throws Exception {
        Path workspace = Path.of(jenkins.jenkins.getWorkspaceFor(build.getParent()).getRemote());
        String runId = Await.onlyRun(build).getFileName().toString();
        Path directory = Await.onlyRunOnAgent(workspace, build);
        assertFalse("it works", PoolEnvironment.runCookie(runId).processes().isEmpty());
        assertEquals(1, Await.list(registry(jenkins)).size());
        return new Left(runId, directory);
    }

    private static Path registry(JenkinsRule jenkins) {
        return jenkins.jenkins.getRootDir().toPath().resolve("concurrency-steps/runs");
    }

    private static void awaitNothing(JenkinsRule jenkins, Left left) throws Exception {
        Await.until(() -> PoolEnvironment.runCookie(left.runId()).processes().isEmpty());
        Await.gone(left.directory());
        Await.until(() -> Await.list(registry(jenkins)).isEmpty());
    }

    private static ProcessHandle supervisor(Left left) throws Exception {
        String pid = Files.readString(left.directory().resolve("supervisor.pid")).split(" ")[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private void deleteBuilds() throws Exception {
        FileUtils.deleteDirectory(sessions.getHome().toPath().resolve("jobs/job/builds/1").toFile());
    }

    @Test
    public void aRunWhoseBuildIsGoneIsEndedByTheNextController() throws Throwable {
        AtomicReference<Left> left = new AtomicReference<>();
        sessions.then(jenkins -> left.set(left(jenkins, start(jenkins))));
        deleteBuilds();
        sessions.then(jenkins -> awaitNothing(jenkins, left.get()));
    }

    @Test
    public void whatADeadSupervisorHasLeftIsEndedByTheNextController() throws Throwable {
        AtomicReference<Left> left = new AtomicReference<>();
        sessions.then(jenkins -> left.set(left(jenkins, start(jenkins))));
        ProcessHandle supervisor = supervisor(left.get());
        supervisor.destroyForcibly();
        deleteBuilds();
        assertFalse(
                "its task goes on",
                PoolEnvironment.runCookie(left.get().runId()).processes().isEmpty());
        sessions.then(jenkins -> awaitNothing(jenkins, left.get()));
    }

    @Test
    public void aBuildThatIsKilledWithoutAWordToItsStepsLeavesNothing() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun build = start(jenkins);
            Left left = left(jenkins, build);
            build.doKill();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
            awaitNothing(jenkins, left);
        });
    }

    @Test
    public void aBuildWhoseJobIsRenamedMeanwhileGoesOn() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun build = start(jenkins);
            build.getParent().renameTo("renamed");
            List<Path> entries = Await.list(registry(jenkins));
            assertTrue(Files.readString(entries.get(0)).contains("\"renamed#1\""));
        });
        sessions.then(jenkins -> {
            Run<?, ?> build = jenkins.jenkins
                    .getItemByFullName("renamed", WorkflowJob.class)
                    .getBuildByNumber(1);
            Files.createFile(folder.getRoot().toPath().resolve("go"));
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
            Await.until(() -> Await.list(registry(jenkins)).isEmpty());
        });
    }
}
