package io.jenkins.plugins.concurrency.steps;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Test results of steps in the workspace of an agent in its own process, read by Jenkins' own step. */
public class JunitFileTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule().keepingAgents();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @BeforeClass
    public static void startAgent() throws Exception {
        jenkins.agent("remote");
    }

    private static WorkflowRun run(Result expected, String script) throws Exception {
        return jenkins.run(expected, script);
    }

    private static WorkflowRun onAgent(Result expected, String body) throws Exception {
        return run(expected, "node('remote') {\n" + body + "\n}");
    }

    private static String read(String file) {
        return "def s = junit '" + file + "'\necho \"tests $s.totalCount $s.passCount $s.failCount $s.skipCount\"\n";
    }

    @Test
    public void jenkinsReadsWhatAPoolWrites() throws Exception {
        WorkflowRun run = onAgent(
                Result.UNSTABLE,
                "dir('new') {\n"
                        + "cpuPool tasks: [a: 'echo A', b: 'echo why >&2; exit 3', c: 'true'], workers: 1, failFast: true,"
                        + " onFailure: 'ignore', junit: 'out/pool.xml'\n"
                        + "echo readFile('out/pool.xml')\n"
                        + "sh 'echo \"files: $(ls -A out)\"'\n" + read("out/pool.xml") + "}");
        jenkins.assertLogContains("tests 3 1 1 1", run);
        jenkins.assertLogContains("<system-out>A", run);
        jenkins.assertLogContains("<failure type=\"exit\"", run);
        jenkins.assertLogContains("<system-err>why", run);
        jenkins.assertLogContains("<skipped message=\"failFast: 'b' failed\"", run);
        jenkins.assertLogContains("files: pool.xml", run);
    }

    @Test
    public void theFileIsThereWhenTheStepThrows() throws Exception {
        WorkflowRun run = onAgent(
                Result.UNSTABLE,
                "for (int i = 0; i < 2; i++) { try { ioPool tasks: [b: 'exit 3'], onFailure: 'fail', junit: 'b.xml' }"
                        + " catch (e) { echo \"then $e.results.failed\" } }\n" + read("b.xml"));
        jenkins.assertLogContains("then 1", run);
        jenkins.assertLogContains("tests 1 0 1 0", run);
    }

    @Test
    public void gatherWritesToo() throws Exception {
        WorkflowRun run = onAgent(
                Result.UNSTABLE,
                "gather branches: [a: { 1 }, b: { error 'wrong' }], onFailure: 'ignore', junit: 'g.xml'\n"
                        + "gather branches: [:], junit: 'none.xml'\n"
                        + "cpuPool tasks: [], junit: 'nothing.xml'\n"
                        + "echo readFile('none.xml').replace('tests=', 'none=') + readFile('nothing.xml').replace('tests=', 'nothing=')\n"
                        + read("g.xml"));
        jenkins.assertLogContains("tests 2 1 1 0", run);
        jenkins.assertLogContains("none=\"0\"", run);
        jenkins.assertLogContains("nothing=\"0\"", run);
    }

    @Test
    public void severalNodesWriteIntoTheWorkspaceAroundTheStep() throws Exception {
        WorkflowRun run = run(
                Result.SUCCESS,
                "node('built-in') {\ncpuPool label: 'remote', tasks: [a: 'true', b: 'true'], junit: 'n.xml'\n" + read("n.xml") + "}");
        jenkins.assertLogContains("tests 2 2 0 0", run);
    }

    @Test
    public void aStepFailsInOneLineIfTheFileCannotBeWritten() throws Exception {
        WorkflowRun run = onAgent(
                Result.FAILURE,
                "try { cpuPool tasks: [a: 'touch x'], junit: 'x/a.xml' }"
                        + " catch (e) { echo \"pool: $e.results.succeeded, $e.message\" }\n"
                        + "try { cpuPool tasks: [b: 'touch y; exit 3'], junit: 'y/a.xml', onFailure: 'fail' }"
                        + " catch (e) { echo \"first: $e.message\" }\n"
                        + "gather branches: [a: { writeFile file: 'z', text: '' }], junit: 'z/a.xml'");
        jenkins.assertLogContains("pool: 1, cpuPool: junit: 'x/a.xml' can't be written: 'x/a.xml' is below a file, ", run);
        jenkins.assertLogContains("cpuPool: junit: 'y/a.xml' can't be written: ", run);
        jenkins.assertLogContains("first: cpuPool: 1 of 1 branches did not succeed: b: exit", run);
        jenkins.assertLogContains("ERROR: gather: junit: 'z/a.xml' can't be written: 'z/a.xml' is below a file, ", run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    public void nothingStartsWhereAPathLeadsOut() throws Exception {
        WorkflowRun run = onAgent(
                Result.FAILURE,
                "sh 'mkdir in out; ln -s ../out in/link'\ndir('in') {\n"
                        + "try { gather branches: [a: { writeFile file: 'ran', text: '' }], junit: '../a.xml' } catch (e) { echo e.message }\n"
                        + "try { gather branches: [a: { 1 }], junit: 'link/a.xml' } catch (e) { echo e.message }\n"
                        + "try { cpuPool tasks: ['touch ran'], junit: 'link/a.xml' } catch (e) { echo \"pool $e.message\" }\n"
                        + "echo \"ran ${fileExists 'ran'} ${fileExists '../out/a.xml'}\"\n"
                        + "cpuPool tasks: ['true'], junit: '/tmp/a.xml'\n}");
        jenkins.assertLogContains("gather: junit: '../a.xml' leads out of the workspace", run);
        jenkins.assertLogContains("gather: junit: 'link/a.xml' can't be written: 'link/a.xml' leads out of the workspace by a symbolic link", run);
        jenkins.assertLogContains("pool cpuPool: junit: 'link/a.xml' leads out of the workspace by a symbolic link", run);
        jenkins.assertLogContains("ran false false", run);
        jenkins.assertLogContains("cpuPool: junit: '/tmp/a.xml' leads out of the workspace", run);
    }

    @Test
    public void itNeedsAWorkspace() throws Exception {
        WorkflowRun run = run(
                Result.FAILURE,
                "try { cpuPool label: 'remote', tasks: ['true'], junit: 'a.xml' } catch (e) { echo e.message }\n"
                        + "parallelFetch urls: ['http://127.0.0.1:1/'], junit: 'a.xml'");
        jenkins.assertLogContains("cpuPool: junit: needs a workspace", run);
        jenkins.assertLogContains("ERROR: parallelFetch: junit: needs a workspace to write to; call the step inside 'node'", run);
    }
}
