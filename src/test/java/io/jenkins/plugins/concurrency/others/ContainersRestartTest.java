package io.jenkins.plugins.concurrency.others;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import java.util.List;
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
        String image = TestImage.WHOLE.assumeMade(folder.newFolder().toPath());
        sessions.then(jenkins -> {
            jenkins.agent("docker");
            WorkflowRun run = jenkins.start("job", InterruptedPools.script(image));
            InterruptedPools.awaitSecondTasks(jenkins.workspace("docker", run.getParent()));
        });
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.build("job");
            InterruptedPools.assertGoneOnWith(jenkins, run, jenkins.workspace("docker", run.getParent()));
            assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
            jenkins.stopAgent("docker");
        });
    }
}
