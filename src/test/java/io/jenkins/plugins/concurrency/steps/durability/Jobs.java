package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertTrue;

import hudson.Main;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.steps.OwnNetwork;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** What is done on the controller, in this JVM or sent to another. */
final class Jobs {

    private Jobs() {}

    /** A controller in this JVM for all tests of a class; they watch their time themselves. */
    static JenkinsRule controller() {
        JenkinsRule jenkins = new JenkinsRule();
        jenkins.timeout = 0;
        return jenkins;
    }

    /** Starts the first build of a new job; it runs in the sandbox. */
    static void start(JenkinsRule jenkins, String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        job.scheduleBuild2(0).waitForStart();
    }

    /** Presses the button. */
    static void abort(JenkinsRule jenkins, String name) {
        jenkins.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1).doStop();
    }

    /** Gives an agent room for many builds at once. */
    static void widen(JenkinsRule jenkins, String agent) throws Exception {
        Slave node = (Slave) jenkins.jenkins.getNode(agent);
        node.setNumExecutors(20);
        jenkins.jenkins.setNodes(jenkins.jenkins.getNodes());
    }

    static void allowOwnNetwork(JenkinsRule jenkins) {
        OwnNetwork.allow();
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
