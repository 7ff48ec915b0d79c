package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs whose builds do not go on are ended wherever they work, and leave nothing. */
public class DeadRunsTest {

    @Rule
    public final PipelineSessionRule sessions = new PipelineSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** What the next controller has to clean up. */
    private record Left(String runId, Path directory) {}

    private WorkflowRun start(PipelineRule jenkins) throws Exception {
        Path flags = folder.getRoot().toPath();
        WorkflowRun build = jenkins.start(
                "job",
                "node { cpuPool tasks: [a: 'touch " + flags + "/started; while ! test -e " + flags
                        + "/go; do sleep 0.1; done'] }");
        Await.file(flags.resolve("started"));
        return build;
    }

    private static Left left(PipelineRule jenkins, WorkflowRun build) throws Exception {
        Path workspace = Path.of(jenkins.jenkins.getWorkspaceFor(build.getParent()).getRemote());
        String runId = BuildRecord.of(build).awaitRunId();
        Path directory = BuildRecord.of(build).awaitRunOnAgent(workspace).directory();
        assertFalse("it works", PoolEnvironment.runCookie(runId).processes().isEmpty());
        assertEquals(1, jenkins.registeredRuns().size());
        return new Left(runId, directory);
    }

    private static void awaitNothing(PipelineRule jenkins, Left left) throws Exception {
        Await.until("the end of all processes", () -> PoolEnvironment.runCookie(left.runId()).processes().isEmpty());
        Await.gone(left.directory());
        Await.until("the end of all runs", () -> jenkins.registeredRuns().isEmpty());
    }

    private static ProcessHandle supervisor(Left left) throws Exception {
        String pid = Files.readString(left.directory().resolve("supervisor.pid")).split(" ")[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private void deleteBuilds() throws Exception {
        FileUtils.deleteDirectory(sessions.home().resolve("jobs/job/builds/1").toFile());
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
            jenkins.assertEnd(Result.ABORTED, build);
            awaitNothing(jenkins, left);
        });
    }

    @Test
    public void aBuildWhoseJobIsRenamedMeanwhileGoesOn() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun build = start(jenkins);
            build.getParent().renameTo("renamed");
            List<Path> entries = jenkins.registeredRuns();
            assertTrue(Files.readString(entries.get(0)).contains("\"renamed#1\""));
        });
        sessions.then(jenkins -> {
            WorkflowRun build = jenkins.build("renamed");
            Files.createFile(folder.getRoot().toPath().resolve("go"));
            jenkins.assertEnd(Result.SUCCESS, build);
            Await.until("the end of all runs", () -> jenkins.registeredRuns().isEmpty());
        });
    }
}
