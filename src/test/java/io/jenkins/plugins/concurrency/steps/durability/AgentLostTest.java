package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import hudson.model.Computer;
import hudson.model.Slave;
import hudson.slaves.OfflineCause;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** Runs whose agent is cut off, dies or goes for good, or whose supervisor dies, while the controller stays. */
public class AgentLostTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestName name = new TestName();

    private Gate gate;
    private BuildRecord build;
    private String agent;

    @Before
    public void createAgent() throws Exception {
        agent = "agent-of-" + name.getMethodName();
        jenkins.agent(agent);
        gate = new Gate(folder.getRoot().toPath().resolve("gate"));
        build = BuildRecord.of(jenkins.jenkins.getRootDir(), name.getMethodName());
    }

    private Computer computer() {
        return jenkins.jenkins.getComputer(agent);
    }

    /** Starts a build and waits until the first of its inputs has ended and the next two are under way. */
    private String start(String script) throws Exception {
        jenkins.start(name.getMethodName(), script);
        gate.awaitBegun(2);
        gate.open(1);
        gate.awaitBegun(3);
        build.awaitBranches(1);
        return build.awaitRunId();
    }

    private String startPool() throws Exception {
        return start(Scripts.pool(agent, 4, gate));
    }

    private void disconnect() throws Exception {
        computer().disconnect(new OfflineCause.ByCLI("cut by a test")).get();
    }

    @Test
    public void branchesThatEndWithoutAConnectionAreLearntOfAfterwards() throws Exception {
        String runId = startPool();
        ProcessHandle process = Processes.agent(agent);
        Processes.signal("STOP", process);
        disconnect();
        gate.open();
        Await.until("the supervisor's end", () -> Processes.supervisors(runId).isEmpty());
        assertEquals("the controller knows only the first", 1, build.branches().size());
        Processes.signal("CONT", process);
        gate.assertEachOnce(build, 4);
    }

    @Test
    public void aConnectionThatBreaksAgainAndAgainLosesNothing() throws Exception {
        int eachTime = 100;
        int branches = 3 * eachTime;
        // "2/270" waits for the third opening
        String inputs = IntStream.range(0, branches)
                .mapToObj(i -> i / eachTime + "/" + i)
                .collect(Collectors.joining(" ", "'", "'.tokenize(' ')"));
        Path open = folder.getRoot().toPath();
        jenkins.start(name.getMethodName(),
                Scripts.onNode(
                        agent,
                        "def r = cpuPool inputs: " + inputs + ", workers: 2, command: 'echo {} >> began; until test -e "
                                + open + "/{//}; do sleep 0.1; done'\n"
                                + "echo \"ended ${r.succeeded}, each at once: ${r.every { it.attempts == 1 }}\"\n"
                                + "echo \"began ${readFile('began').readLines().size()}\""));
        for (int cut = 0; cut < 2; cut++) {
            Files.createFile(open.resolve(Integer.toString(cut)));
            build.awaitBranches(cut * eachTime + 10); // the others end before, while or after there is no connection
            disconnect();
            Await.until("the agent's return", () -> computer().isOnline());
        }
        Files.createFile(open.resolve("2"));
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 300, each at once: true");
        build.assertLogContains("began 300");
        build.assertEachOnce(branches);
    }

    @Test
    public void theSupervisorGoesOnWhenTheAgentsProcessIsKilled() throws Exception {
        String runId = startPool();
        ProcessHandle supervisor = Processes.awaitSupervisor(runId);
        jenkins.stopAgent(agent); // SIGKILL
        gate.open(2);
        gate.awaitEnded(2);
        gate.awaitBegun(4);
        jenkins.startAgent(agent);
        build.awaitBranches(2);
        assertEquals(List.of(supervisor), Processes.supervisors(runId));
        gate.open();
        gate.assertEachOnce(build, 4);
    }

    @Test
    public void aSupervisorThatIsKilledIsStartedAgainOnTheRest() throws Exception {
        String runId = startPool();
        Processes.awaitSupervisor(runId).destroyForcibly();
        Duration noticed = Await.until("a new supervisor", () -> build.log().contains("died; another one"));
        Await.assertWithin(Duration.ofSeconds(15), noticed);
        gate.awaitBegun(5); // 1, 2, 3 and again 2, 3
        gate.open();
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 4 of 4, attempts [1, 2, 2, 1]");
        build.assertEachOnce(4);
        assertEquals("what the first one had left was ended first", List.of("1", "2", "3", "4"), gate.endedInputs());
        assertEquals("the second one did what was left", 6, gate.begunInputs().size());
    }

    @Test
    public void theRestIsLostWhenTheSupervisorIsKilledTwice() throws Exception {
        String runId = start(Scripts.onNode(
                agent,
                "def r = " + Scripts.pool(4, gate.command(), ", onFailure: 'ignore'")
                        + "\necho \"ended ${r.succeeded}; ${r.failures.collect { it.name + ' ' + it.error.type }}\"\n"
                        + "echo \"message: ${r['4'].error.message}\""));
        ProcessHandle first = Processes.awaitSupervisor(runId);
        first.destroyForcibly();
        gate.awaitBegun(5);
        Await.until("a new supervisor", () -> !Processes.supervisors(runId).contains(first));
        ProcessHandle second = Processes.awaitSupervisor(runId);
        Path log = runDirectory(runId).resolve("supervisor.log");
        Processes.signal("QUIT", second); // which makes a JVM say something
        Await.until("a line in the log", () -> Files.readString(log).contains("class space"));
        second.destroyForcibly();
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 1; [2 lost, 3 lost, 4 lost]");
        build.assertLogContains("message: the supervisor died twice: ");
        build.assertLogContains("class space");
        build.assertEachOnce(4);
        assertEquals(List.of(), Processes.supervisors(runId));
        Await.until("the end of what the second one had started", () -> Processes.ofRun(runId).isEmpty());
    }

    private Path runDirectory(String runId) {
        Slave node = (Slave) jenkins.jenkins.getNode(agent);
        return Path.of(node.getRemoteFS(), "workspace", name.getMethodName() + "@tmp", "concurrency", runId);
    }

    @Test
    public void aRunWhoseNodeIsDeletedFailsWithWhatIsKnown() throws Exception {
        startAndCatch();
        jenkins.jenkins.removeNode(jenkins.jenkins.getNode(agent));
        assertGone("agent '" + agent + "' was removed");
    }

    @Test
    public void aRunWhoseAgentIsOfflineForTooLongFailsWithWhatIsKnown() throws Exception {
        startAndCatch();
        jenkins.stopAgent(agent);
        ConcurrencyConfiguration.get().setAgentTimeout(2);
        assertGone("agent '" + agent + "' was offline for more than 2 s");
    }

    @Test
    public void whatAFailedRunLeftOnItsAgentIsRemovedByTheNextRun() throws Exception {
        String runId = startPool();
        jenkins.stopAgent(agent);
        ConcurrencyConfiguration.get().setAgentTimeout(2);
        build.assertEnd("FAILURE");
        assertFalse("the supervisor knows nothing of that", Processes.ofRun(runId).isEmpty());
        jenkins.startAgent(agent);
        String next = name.getMethodName() + "Next";
        jenkins.start(next, Scripts.onNode(agent, "cpuPool tasks: ['true']"));
        BuildRecord.of(jenkins.jenkins.getRootDir(), next).assertEnd("SUCCESS");
        Await.until("the end of all processes", () -> Processes.ofRun(runId).isEmpty());
        Await.until("the run directory's end", () -> !Files.exists(runDirectory(runId)));
        assertEquals("no command ended by itself", List.of("1"), gate.endedInputs());
    }

    private void startAndCatch() throws Exception {
        start(Scripts.onNode(
                agent,
                "try {\n" + Scripts.pool(4, gate.command(), "") + "\n} catch (e) {\n"
                        + "echo \"caught ${e.message}\"\n"
                        + "echo \"known ${e.results['1'].ok}, ${e.results.collect { it.error?.type }}\"\nthrow e\n}"));
    }

    private void assertGone(String message) throws Exception {
        build.assertEnd("FAILURE");
        build.assertLogContains("caught cpuPool: " + message);
        build.assertLogContains("known true, [null, lost, lost, lost]");
        build.assertLogContains("ERROR: cpuPool: " + message);
        assertFalse("one line, no stack trace", build.log().contains("\tat "));
        build.assertEachOnce(4);
    }
}
