package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Label;
import hudson.model.Result;
import hudson.slaves.DummyCloudImpl;
import hudson.slaves.NodeProvisionerRule;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A cloud starts the nodes that a step asks for. */
@SuppressWarnings("deprecation") // of the rule: it is what sets Jenkins' clock for clouds
public class CloudNodesTest {

    @ClassRule(order = 1)
    public static final JenkinsRule jenkins = controller();

    /** A cloud that is faster than any real one could have a node before the step tells that there is none. */
    private static final int CLOUD_MILLIS = 5_000;

    private static JenkinsRule controller() {
        JenkinsRule made = new NodeProvisionerRule(100, 0, 100);
        made.timeout = 0; // tests watch their time themselves
        return made;
    }

    @Test
    public void nodesThatACloudStartsWhenTheStepAsksDoTheWork() throws Exception {
        DummyCloudImpl cloud = new DummyCloudImpl(jenkins, CLOUD_MILLIS);
        cloud.label = Label.get("cloudy");
        jenkins.jenkins.clouds.add(cloud);
        assertEquals(0, jenkins.jenkins.getNodes().size());
        WorkflowRun build = PipelineRule.start(
                jenkins,
                "job",
                "def r = cpuPool label: 'cloudy', nodes: 2, workers: 1, inputs: 1..20, command: 'sleep 2; echo {}'\n"
                        + "echo \"ended ${r.succeeded}\"");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("no node has the label 'cloudy'; 2 may work for this step", build);
        jenkins.assertLogContains("ended 20", build);
        BuildRecord.of(build).assertEachOnce(20);
        assertTrue("the cloud was asked for " + cloud.numProvisioned, cloud.numProvisioned >= 2);
        assertEquals("two at once", 2, BuildRecord.of(build).byNode().size());
        PipelineRule.assertNothingIsHeld(jenkins);
    }
}
