package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Supervisors that are killed, and agents that do not come back. */
public class SupervisorDeathTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final InboundAgentRule agents = new InboundAgentRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    private Slave agent;
    private Path flags;

    @Before
    public void startAgent() throws Exception {
        agent = agents.createAgent(
                jenkins, InboundAgentRule.Options.newBuilder().name("remote").build());
        flags = folder.getRoot().toPath();
    }

    /** Of three branches one by one the first ends at once; the others leave a file and wait for {@code go}. */
    private WorkflowRun start() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        String command = "test {} = first && exit; touch " + flags + "/started-$$; while ! test -e " + flags
                + "/go; do sleep 0.1; done";
        job.setDefinition(new CpsFlowDefinition(
                "node('remote') {\n"
                        + "def r\n"
                        + "try { r = cpuPool inputs: ['first', 'slow', 'last'], workers: 1, command: '" + command + "' }\n"
                        + "catch (e) { r = e.results; echo \"threw ${e.message}\" }\n"
                        + "echo \"ended ${r.collect { \"${it.name} ${it.ok ? 'ok' : it.error.type} ${it.attempts}\" }}\"\n"
                        + "r.failures.each { echo \"${it.name}: ${it.error.message}\" }\n"
                        + "}",
                true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private void awaitTasks(int count) throws Exception {
        Await.until(() -> Await.list(flags).size() >= count);
    }

    private Path runDirectory(WorkflowRun build) throws Exception {
        Path workspace = Path.of(agent.getWorkspaceFor(build.getParent()).getRemote());
        return Await.onlyRunOnAgent(workspace, build);
    }

    private static void kill(Path runDirectory) throws Exception {
        String pid = Files.readString(runDirectory.resolve("supervisor.pid")).split(" ")[0];
        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    }

    @Test
    public void aSupervisorThatIsKilledIsReplacedWithinSeconds() throws Exception {
        WorkflowRun build = start();
        awaitTasks(1);
        Await.lines(Await.onlyRun(build).resolve("journal.ndjson"), 2);
        long before = System.nanoTime();
        kill(runDirectory(build));
        Await.log(build, "the supervisor on agent 'remote' died; starting another for the rest");
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        System.out.println("the death of a supervisor was noticed after " + millis + " ms");
        assertTrue(millis + " ms", millis < 15_000);
        awaitTasks(2);
        Files.createFile(flags.resolve("go"));
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ended [first ok 1, slow ok 2, last ok 1]", build);
    }

    @Test
    public void afterASecondDeathTheRestIsLostAndSaysWhatTheSupervisorSaid() throws Exception {
        WorkflowRun build = start();
        awaitTasks(1);
        Path directory = runDirectory(build);
        kill(directory);
        awaitTasks(2);
        Files.writeString(
                directory.resolve("supervisor.log"), "a last\nword\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        kill(directory);
        jenkins.assertBuildStatus(Result.UNSTABLE, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ended [first ok 1, slow lost 0, last lost 0]", build);
        jenkins.assertLogContains("slow: the supervisor died twice: a last\nword", build);
        Await.gone(directory);
    }

    @Test
    public void aNodeThatIsDeletedFailsTheStepWithWhatIsKnown() throws Exception {
        WorkflowRun build = start();
        awaitTasks(1);
        Await.lines(Await.onlyRun(build).resolve("journal.ndjson"), 2);
        Path directory = runDirectory(build);
        agents.stop(jenkins, "remote");
        jenkins.jenkins.removeNode(agent);
        Await.log(build, "threw cpuPool: agent 'remote' was removed");
        Await.log(build, "ended [first ok 1, slow lost 0, last lost 0]");
        kill(directory); // its agent would have to be there for that
        build.doKill(); // the block around the step waits for the node
    }

    @Test
    public void anAgentThatIsAwayForTooLongFailsTheStepAndIsCleanedUpWhenItIsBack() throws Exception {
        ConcurrencyConfiguration.get().setAgentTimeout(1);
        WorkflowRun build = start();
        awaitTasks(1);
        Await.lines(Await.onlyRun(build).resolve("journal.ndjson"), 2);
        Path directory = runDirectory(build);
        agents.stop(jenkins, "remote");
        Await.log(build, "threw cpuPool: agent 'remote' was offline for more than 1 s");
        Await.log(build, "ended [first ok 1, slow lost 0, last lost 0]");
        assertTrue("its supervisor goes on", Files.exists(directory));
        agents.start(jenkins, "remote");
        Await.gone(directory);
        Path registry = jenkins.jenkins.getRootDir().toPath().resolve("concurrency-steps/runs");
        Await.until(() -> Await.list(registry).isEmpty());
        jenkins.waitForCompletion(build);
    }
}
