package io.jenkins.plugins.concurrency.others;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Pools in a real container, across a restart of the controller. Skipped where there is no {@code docker}. */
public class ContainersRestartTest {

    @Rule
    public final PipelineSessionRule sessions = new PipelineSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void whatWasUnderWayIsDoneAgainOrLostAndTheRestIsDone() throws Throwable {
        AtomicReference<Path> workspace = new AtomicReference<>();
        String image = TestImage.WHOLE.assumeMade(folder.newFolder().toPath());
        sessions.then(jenkins -> {
            jenkins.agent("docker");
            WorkflowRun run = jenkins.start("job", InterruptedPools.script(image));
            workspace.set(jenkins.workspace("docker", run.getParent()));
            InterruptedPools.awaitSecondTasks(workspace.get());
        });
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.build("job");
            InterruptedPools.assertGoneOnWith(jenkins, run, workspace.get());
            assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
            jenkins.stopAgent("docker");
        });
    }
}
