package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import hudson.model.Computer;
import hudson.model.Slave;
import hudson.slaves.OfflineCause;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
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
import org.jvnet.hudson.test.BuildWatcher;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Runs whose agent is cut off, dies or goes for good, or whose supervisor dies, while the controller stays. */
public class AgentLostTest {

    @ClassRule
    public static final BuildWatcher BUILD_WATCHER = new BuildWatcher();

    @ClassRule(order = 1)
    public static final JenkinsRule JENKINS = Jobs.controller();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final InboundAgentRule agents = new InboundAgentRule();

    @Rule
    public final TestName name = new TestName();

    private Gate gate;
    private BuildRecord build;
    private String agent;

    @Before
    public void createAgent() throws Exception {
        ConcurrencyConfiguration.get().setAgentTimeout(3_600);
        agent = "agent-of-" + name.getMethodName();
        agents.createAgent(JENKINS, options());
        gate = new Gate(folder.getRoot().toPath().resolve("gate"));
        build = BuildRecord.of(JENKINS.jenkins.getRootDir(), name.getMethodName());
    }

    private InboundAgentRule.Options options() {
        return InboundAgentRule.Options.newBuilder().name(agent).webSocket().build();
    }

    private Computer computer() {
        return JENKINS.jenkins.getComputer(agent);
    }

    /** Starts a build and waits until the first of its inputs has ended and the next two are under way. */
    private String start(String script) throws Exception {
        Jobs.start(JENKINS, name.getMethodName(), script);
        gate.awaitBegun(2);
        gate.open(1);
        gate.awaitBegun(3);
        build.awaitBranches(1);
        return build.awaitRunId();
    }

    private String startPool() throws Exception {
        return start(Scripts.pool(agent, 4, gate));
    }

    private void assertAllOnce() throws Exception {
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 4 of 4, attempts [1, 1, 1, 1]");
        assertEquals(List.of(0, 1, 2, 3), build.indexes());
        assertEquals(List.of("1", "2", "3", "4"), gate.endedInputs());
        assertEquals("each command began once", 4, gate.begunInputs().size());
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
        Wait.until("the supervisor's end", () -> Processes.supervisors(runId).isEmpty());
        assertEquals("the controller knows only the first", 1, build.branches().size());
        Processes.signal("CONT", process);
        assertAllOnce();
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
        Jobs.start(
                JENKINS,
                name.getMethodName(),
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
            Wait.until("the agent's return", () -> computer().isOnline());
        }
        Files.createFile(open.resolve("2"));
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 300, each at once: true");
        build.assertLogContains("began 300");
        assertEquals(IntStream.range(0, branches).boxed().toList(), build.indexes());
    }

    @Test
    public void theSupervisorGoesOnWhenTheAgentsProcessIsKilled() throws Exception {
        String runId = startPool();
        ProcessHandle supervisor = Processes.awaitSupervisor(runId);
        agents.stop(JENKINS, agent); // SIGKILL
        gate.open(2);
        gate.awaitEnded(2);
        gate.awaitBegun(4);
        agents.start(JENKINS, options());
        build.awaitBranches(2);
        assertEquals(List.of(supervisor), Processes.supervisors(runId));
        gate.open();
        assertAllOnce();
    }

    @Test
    public void aSupervisorThatIsKilledIsStartedAgainOnTheRest() throws Exception {
        String runId = startPool();
        Processes.awaitSupervisor(runId).destroyForcibly();
        Duration noticed = Wait.until("a new supervisor", () -> build.log().contains("died; starting another"));
        Wait.assertWithin(Duration.ofSeconds(15), noticed);
        gate.awaitBegun(5); // 1, 2, 3 and again 2, 3
        gate.open();
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 4 of 4, attempts [1, 2, 2, 1]");
        assertEquals(List.of(0, 1, 2, 3), build.indexes());
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
        Wait.until("a new supervisor", () -> !Processes.supervisors(runId).contains(first));
        ProcessHandle second = Processes.awaitSupervisor(runId);
        Path log = runDirectory(runId).resolve("supervisor.log");
        Processes.signal("QUIT", second); // which makes a JVM say something
        Wait.until("a line in the log", () -> Files.readString(log).contains("class space"));
        second.destroyForcibly();
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 1; [2 lost, 3 lost, 4 lost]");
        build.assertLogContains("message: the supervisor died twice: ");
        build.assertLogContains("class space");
        assertEquals(List.of(0, 1, 2, 3), build.indexes());
        assertEquals(List.of(), Processes.supervisors(runId));
        Wait.until("the end of what the second one had started", () -> Processes.ofRun(runId).isEmpty());
    }

    private Path runDirectory(String runId) {
        Slave node = (Slave) JENKINS.jenkins.getNode(agent);
        return Path.of(node.getRemoteFS(), "workspace", name.getMethodName() + "@tmp", "concurrency", runId);
    }

    @Test
    public void aRunWhoseNodeIsDeletedFailsWithWhatIsKnown() throws Exception {
        startAndCatch();
        JENKINS.jenkins.removeNode(JENKINS.jenkins.getNode(agent));
        assertGone("agent '" + agent + "' was removed");
    }

    @Test
    public void aRunWhoseAgentIsOfflineForTooLongFailsWithWhatIsKnown() throws Exception {
        startAndCatch();
        agents.stop(JENKINS, agent);
        ConcurrencyConfiguration.get().setAgentTimeout(2);
        assertGone("agent '" + agent + "' was offline for more than 2 s");
    }

    @Test
    public void whatAFailedRunLeftOnItsAgentIsRemovedByTheNextRun() throws Exception {
        String runId = startPool();
        agents.stop(JENKINS, agent);
        ConcurrencyConfiguration.get().setAgentTimeout(2);
        build.assertEnd("FAILURE");
        assertFalse("the supervisor knows nothing of that", Processes.ofRun(runId).isEmpty());
        agents.start(JENKINS, options());
        String next = name.getMethodName() + "Next";
        Jobs.start(JENKINS, next, Scripts.onNode(agent, "cpuPool tasks: ['true']"));
        BuildRecord.of(JENKINS.jenkins.getRootDir(), next).assertEnd("SUCCESS");
        Wait.until("the end of all processes", () -> Processes.ofRun(runId).isEmpty());
        Wait.until("the run directory's end", () -> !Files.exists(runDirectory(runId)));
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
        assertEquals(List.of(0, 1, 2, 3), build.indexes());
    }
}
