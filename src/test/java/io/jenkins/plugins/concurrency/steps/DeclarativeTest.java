package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** The steps in a Declarative Pipeline. */
public class DeclarativeTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

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
                "cpuPool tasks: ['case $0 in *.cmd) exit 0; esac; exit 1'], shell: 'sh -u', retries: 1, retryDelay: 0.5, timeout: 60",
                "gather(matrix: [os: ['linux'], n: [1, 2]], concurrency: 1) { cell -> echo \"cell ${cell.os} ${cell.n}\" }",
                "cpuPool matrix: [os: ['linux', 'win']], exclude: [[os: 'win']], command: 'echo {os}', junit: 'matrix.xml'",
                "gather branches: [last: { echo 'ended last' }, first: { echo 'ended first' }], needs: [last: 'first']",
                "script { def r = cpuPool tasks: [last: 'echo ok', bad: 'exit 3'], needs: [last: ['bad']], onFailure: 'ignore'\n"
                        + "echo \"needs ${r*.outcome} ${r['last'].error.message}\" }",
                "script { gather(include: [[n: 7]]) { echo \"seven ${it.n}\" } }",
                "script { gather a: { echo 'three' }, timeout: 2.5 }");
        jenkins.assertLogContains("two", run);
        jenkins.assertLogContains("three", run);
        jenkins.assertLogContains("cell linux 2", run);
        jenkins.assertLogContains("seven 7", run);
        jenkins.assertLogContains("needs [skipped, failed] ", run);
        String log = JenkinsRule.getLog(run);
        assertTrue(log, log.indexOf("ended first") < log.indexOf("ended last"));
    }

    private WorkflowRun run(Result result, String... steps) throws Exception {
        String script = "pipeline { agent any\n stages { stage('s') { steps {\n" + String.join("\n", steps) + "\n} } } }";
        return jenkins.run(result, script);
    }
}
