package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jenkins.security.MasterToSlaveCallable;
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
        Files.createFile(flags.resolve("go")); // for its task
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

    private static final class ProcessId extends MasterToSlaveCallable<Long, RuntimeException> {
        private static final long serialVersionUID = 1;

        @Override
        public Long call() {
            return ProcessHandle.current().pid();
        }
    }

    private static boolean isHandingOver() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getClassName().endsWith(".RunSubmission"));
    }

    @Test
    public void ofAStepThatIsKilledWhileItsAgentStallsNothingStaysThere() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        String large = "(1..30).collect { it + 'x' * 50000 }"; // more than goes in one call
        job.setDefinition(new CpsFlowDefinition(
                "node('remote') { cpuPool tasks: ['true']; hold 'before'; cpuPool inputs: " + large
                        + ", command: 'touch " + flags + "/began-{#}; sleep 1000' }",
                true));
        WorkflowRun build = job.scheduleBuild2(0).waitForStart();
        HoldStep.await("before");
        Path registry = jenkins.jenkins.getRootDir().toPath().resolve("concurrency-steps/runs");
        Await.until(() -> Await.list(registry).isEmpty());
        Set<Path> before = Set.copyOf(Await.runs(build));
        long process = agent.getChannel().call(new ProcessId());
        Signals.send("STOP", process);
        try {
            HoldStep.release("before");
            Await.until(SupervisorDeathTest::isHandingOver);
            build.doKill();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
            Await.until(() -> Await.list(registry).size() == 1
                    && Files.readString(Await.list(registry).get(0)).contains("abandoned"));
            assertTrue(isHandingOver());
        } finally {
            Signals.send("CONT", process);
        }
        Await.until(() -> !isHandingOver());
        Path run = Await.runs(build).stream().filter(each -> !before.contains(each)).findFirst().orElseThrow();
        Path workspace = Path.of(agent.getWorkspaceFor(job).getRemote());
        Path directory = workspace.resolveSibling("job@tmp").resolve("concurrency").resolve(run.getFileName());
        // The registry may have forgotten the run already, and hears of it again after the hand-over.
        Await.until(() -> Await.list(registry).isEmpty() && !Files.exists(directory));
        assertEquals("nothing has begun", List.of(), Await.list(flags));
        assertEquals(List.of(), PoolEnvironment.runCookie(run.getFileName().toString()).processes());
    }
}
