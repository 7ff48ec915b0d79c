package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.Signals;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jenkins.security.MasterToSlaveCallable;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Supervisors that are killed, and agents that do not come back. */
public class SupervisorDeathTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Each test has its own, since Pipeline's {@code node} keeps the executor of a build that is killed. */
    @Rule
    public final PipelineRule jenkins = new PipelineRule();

    private Slave agent;
    private Path flags;

    @Before
    public void startAgent() throws Exception {
        agent = jenkins.agent("remote");
        flags = folder.getRoot().toPath();
    }

    /** Of three branches one by one the first ends at once; the others leave a file and wait for {@code go}. */
    private WorkflowRun start() throws Exception {
        String command = "test {} = first && exit; touch " + flags + "/started-$$; while ! test -e " + flags
                + "/go; do sleep 0.1; done";
        return jenkins.start(
                "node('remote') {\n"
                        + "def r\n"
                        + "try { r = cpuPool inputs: ['first', 'slow', 'last'], workers: 1, command: '" + command + "' }\n"
                        + "catch (e) { r = e.results; echo \"threw ${e.message}\" }\n"
                        + "echo \"ended ${r.collect { \"${it.name} ${it.ok ? 'ok' : it.error.type} ${it.attempts}\" }}\"\n"
                        + "r.failures.each { echo \"${it.name}: ${it.error.message}\" }\n"
                        + "}");
    }

    private void awaitTasks(int count) throws Exception {
        Await.until(count + " tasks", () -> BuildRecord.list(flags).size() >= count);
    }

    private Path runDirectory(WorkflowRun build) throws Exception {
        Path workspace = jenkins.workspace("remote", build.getParent());
        return BuildRecord.of(build).awaitRunOnAgent(workspace).directory();
    }

    private static void kill(Path runDirectory) throws Exception {
        String pid = Files.readString(runDirectory.resolve("supervisor.pid")).split(" ")[0];
        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    }

    @Test
    public void aSupervisorThatIsKilledIsReplacedWithinSeconds() throws Exception {
        WorkflowRun build = start();
        awaitTasks(1);
        Await.lines(BuildRecord.of(build).awaitRun().journal(), 2);
        long before = System.nanoTime();
        kill(runDirectory(build));
        jenkins.waitForMessage("the supervisor on agent 'remote' died; another one does the remaining branches", build);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        System.out.println("the death of a supervisor was noticed after " + millis + " ms");
        assertTrue(millis + " ms", millis < 15_000);
        awaitTasks(2);
        Files.createFile(flags.resolve("go"));
        jenkins.assertEnd(Result.SUCCESS, build);
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
        jenkins.assertEnd(Result.UNSTABLE, build);
        jenkins.assertLogContains("ended [first ok 1, slow lost 0, last lost 0]", build);
        jenkins.assertLogContains("slow: the supervisor died twice: a last\nword", build);
        Await.gone(directory);
    }

    @Test
    public void aNodeThatIsDeletedFailsTheStepWithWhatIsKnown() throws Exception {
        WorkflowRun build = start();
        awaitTasks(1);
        Await.lines(BuildRecord.of(build).awaitRun().journal(), 2);
        Path directory = runDirectory(build);
        jenkins.stopAgent("remote");
        jenkins.jenkins.removeNode(agent);
        jenkins.waitForMessage("threw cpuPool: agent 'remote' was removed", build);
        jenkins.waitForMessage("ended [first ok 1, slow lost 0, last lost 0]", build);
        kill(directory); // its agent would have to be there for that
        Files.createFile(flags.resolve("go")); // for its task
        build.doKill(); // the block around the step may wait for the node
        jenkins.waitForCompletion(build);
    }

    @Test
    public void anAgentThatIsAwayForTooLongFailsTheStepAndIsCleanedUpWhenItIsBack() throws Exception {
        ConcurrencyConfiguration.get().setAgentTimeout(1);
        WorkflowRun build = start();
        awaitTasks(1);
        Await.lines(BuildRecord.of(build).awaitRun().journal(), 2);
        Path directory = runDirectory(build);
        jenkins.stopAgent("remote");
        jenkins.waitForMessage("threw cpuPool: agent 'remote' was offline for more than 1 s", build);
        jenkins.waitForMessage("ended [first ok 1, slow lost 0, last lost 0]", build);
        assertTrue("its supervisor goes on", Files.exists(directory));
        jenkins.startAgent("remote");
        Await.gone(directory);
        Await.until("the end of all runs", () -> jenkins.registeredRuns().isEmpty());
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
        String large = "(1..30).collect { it + 'x' * 50000 }"; // more than goes in one call
        WorkflowRun build = jenkins.start(
                "node('remote') { cpuPool tasks: ['true']; hold 'before'; cpuPool inputs: " + large
                        + ", command: 'touch " + flags + "/began-{#}; sleep 1000' }");
        HoldStep.await("before");
        Await.until("the end of all runs", () -> jenkins.registeredRuns().isEmpty());
        Set<RunFiles> before = Set.copyOf(BuildRecord.of(build).runs());
        long process = agent.getChannel().call(new ProcessId());
        Signals.send("STOP", process);
        try {
            HoldStep.release("before");
            Await.until("the hand-over", SupervisorDeathTest::isHandingOver);
            build.doKill();
            jenkins.assertEnd(Result.ABORTED, build);
            Await.until("a run that is abandoned", () -> jenkins.registeredRuns().size() == 1
                    && Files.readString(jenkins.registeredRuns().get(0)).contains("abandoned"));
            assertTrue(isHandingOver());
        } finally {
            Signals.send("CONT", process);
        }
        Await.until("the end of the hand-over", () -> !isHandingOver());
        RunFiles run = BuildRecord.of(build).runs().stream()
                .filter(each -> !before.contains(each))
                .findFirst()
                .orElseThrow();
        Path workspace = jenkins.workspace("remote", build.getParent());
        Path directory = BuildRecord.onAgent(workspace, BuildRecord.id(run)).directory();
        // The registry may have forgotten the run already, and hears of it again after the hand-over.
        Await.until("the end of the run", () -> jenkins.registeredRuns().isEmpty() && !Files.exists(directory));
        assertEquals("nothing has begun", List.of(), BuildRecord.list(flags));
        assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.id(run)).processes());
    }
}
