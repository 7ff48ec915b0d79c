package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A build that is stopped stays stopped, whatever goes down at that moment. */
public class CancelTest {

    @Rule
    public final PipelineSessionRule sessions = new PipelineSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private WorkflowRun startOnAgent(PipelineRule jenkins) throws Exception {
        jenkins.agent("remote");
        Path started = folder.getRoot().toPath().resolve("started");
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(
                "node('remote') {\n try { cpuPool tasks: [a: 'touch " + started + "; sleep 1000'] }\n"
                        + " catch (e) { echo \"threw ${e.class.simpleName} ${e.result} ${e.message}\"; throw e }\n}",
                false));
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        Await.file(started);
        return build;
    }

    private static void awaitNoProcesses(String runId) throws Exception {
        Await.until("the end of all processes", () -> PoolEnvironment.runCookie(runId).processes().isEmpty());
    }

    @Test
    public void anAgentThatIsAwayIsToldWhenItIsBackAndTheStepEndsBefore() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun build = startOnAgent(jenkins);
            String runId = BuildRecord.of(build).awaitRunId();
            jenkins.stopAgent("remote");
            build.doStop();
            jenkins.waitForMessage("threw FlowInterruptedException ABORTED", build);
            assertFalse("nobody has told them", PoolEnvironment.runCookie(runId).processes().isEmpty());
            jenkins.startAgent("remote");
            jenkins.assertEnd(Result.ABORTED, build);
            awaitNoProcesses(runId);
        });
    }

    @Test
    public void aRestartedControllerStopsWhatWasStopped() throws Throwable {
        AtomicReference<String> runId = new AtomicReference<>();
        sessions.then(jenkins -> {
            WorkflowRun build = startOnAgent(jenkins);
            runId.set(BuildRecord.of(build).awaitRunId());
            jenkins.stopAgent("remote");
            build.doStop();
            BuildRecord.of(build).awaitStopped();
        });
        assertFalse(PoolEnvironment.runCookie(runId.get()).processes().isEmpty());
        sessions.then(jenkins -> {
            jenkins.startAgent("remote");
            WorkflowRun build = jenkins.build("job");
            jenkins.assertEnd(Result.ABORTED, build);
            jenkins.assertLogContains("threw FlowInterruptedException ABORTED", build);
            awaitNoProcesses(runId.get());
        });
    }

    /** A controller that is killed may have written the file but not the Pipeline's state. */
    @Test
    public void theFileAloneStopsARestartedStep() throws Throwable {
        AtomicReference<String> runId = new AtomicReference<>();
        sessions.then(jenkins -> {
            WorkflowRun build = startOnAgent(jenkins);
            runId.set(BuildRecord.of(build).awaitRunId());
            Files.writeString(
                    BuildRecord.of(build).awaitRun().cancel(),
                    "{\"result\":\"NOT_BUILT\",\"interrupts\":true,\"causes\":[\"Aborted by alice\"]}");
            jenkins.stopAgent("remote");
        });
        sessions.then(jenkins -> {
            jenkins.startAgent("remote");
            WorkflowRun build = jenkins.build("job");
            jenkins.assertEnd(Result.NOT_BUILT, build);
            jenkins.assertLogContains("threw FlowInterruptedException NOT_BUILT Aborted by alice", build);
            jenkins.assertLogContains("1 cancelled", build);
            awaitNoProcesses(runId.get());
        });
    }

    @Test
    public void whatIsWrittenDownIsReadAgain() throws Exception {
        RunFiles files = new RunFiles(folder.getRoot().toPath());
        assertNull(StopRecord.read(files));
        StopRecord.write(files, new IllegalStateException("no reason"));
        assertEquals(Result.ABORTED, StopRecord.read(files).getResult());
        assertEquals("no reason", StopRecord.read(files).getMessage());
        FlowInterruptedException interruption = new FlowInterruptedException(
                Result.NOT_BUILT,
                false,
                new CauseOfInterruption() {
                    @Override
                    public String getShortDescription() {
                        return "superseded \"by\" #2";
                    }
                });
        StopRecord.write(files, interruption);
        assertEquals(Result.NOT_BUILT, StopRecord.read(files).getResult());
        assertEquals("superseded \"by\" #2", StopRecord.read(files).getMessage());
        assertFalse(StopRecord.read(files).isActualInterruption());
    }
}
