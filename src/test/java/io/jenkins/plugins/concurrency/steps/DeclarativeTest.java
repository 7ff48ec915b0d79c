package io.jenkins.plugins.concurrency.steps;

import hudson.model.Result;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The steps in a Declarative Pipeline. */
public class DeclarativeTest {

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Test
    public void whatDeclarativeRefusesIsExplained() throws Exception {
        WorkflowRun run = run(
                Result.FAILURE,
                "gather a: { echo 'one' }, b: { echo 'two' }, concurrency: 1",
                "gather([c: { echo 'three' }])",
                "ioPool tasks: ['true'], workers: 2",
                "cpuPool e: { echo 'five' }");
        jenkins.assertLogContains("gather: directly in 'steps' give the branches as branches: [a: { ... }, b: { ... }]", run);
        jenkins.assertLogContains("ioPool: unknown parameter 'workers'; did you mean 'threads'?", run);
        jenkins.assertLogContains("cpuPool: unknown parameter 'e'; closures are run by 'gather'", run);
    }

    @Test
    public void whatIsRightRuns() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "gather branches: [a: { echo 'one' }, b: { echo 'two' }], concurrency: 1, timeout: 60",
                "cpuPool tasks: ['true'], retries: 1, retryDelay: 0.5, timeout: 60",
                "script { gather a: { echo 'three' }, timeout: 2.5 }");
        jenkins.assertLogContains("two", run);
        jenkins.assertLogContains("three", run);
    }

    private WorkflowRun run(Result result, String... steps) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        String script = "pipeline { agent any\n stages { stage('s') { steps {\n" + String.join("\n", steps) + "\n} } } }";
        job.setDefinition(new CpsFlowDefinition(script, true));
        return jenkins.buildAndAssertStatus(result, job);
    }
}
