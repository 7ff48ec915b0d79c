package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertTrue;

import hudson.Main;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** What is done on a controller in a process of its own. */
final class Jobs {

    private Jobs() {}

    /** Starts the first build of a new job; it runs in the sandbox. */
    static void start(JenkinsRule jenkins, String name, String script) throws Exception {
        PipelineRule.start(jenkins, name, script);
    }

    /** Presses the button. */
    static void abort(JenkinsRule jenkins, String name) {
        jenkins.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1).doStop();
    }

    /** Gives an agent room for many builds at once. */
    static void widen(JenkinsRule jenkins, String agent) throws Exception {
        PipelineRule.widen(jenkins, agent, 20);
    }

    static void allowOwnNetwork(JenkinsRule jenkins) {
        PipelineRule.allowOwnNetwork();
    }

    static void assertOwnNetworkIsAllowed(JenkinsRule jenkins) {
        assertTrue("kept", ConcurrencyConfiguration.get().getController().getInternal());
    }

    /** Of a controller that runs in a process of its own and was told which port to take. */
    static void safeRestart(JenkinsRule jenkins) throws Exception {
        Main.isUnitTest = false; // or Jenkins would refuse, to spare the JVM that a JenkinsRule shares with its test
        jenkins.jenkins.safeRestart();
    }
}
