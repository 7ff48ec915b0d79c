package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import java.nio.file.Files;
import java.util.List;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Pools on several agents whose controller is killed, or restarted in order, while they work. */
public class ManyAgentsRestartTest {

    private static final int INPUTS = 30;

    @ClassRule(order = 0)
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    @ClassRule(order = 1)
    public static final RealController CONTROLLER = new RealController();

    private static Gate killed;
    private static Gate stopped;
    private static Gate lost;
    private static Gate listed;

    @BeforeClass
    public static void restartTheControllerTwice() throws Throwable {
        CONTROLLER.start();
        CONTROLLER.createAgent("left");
        CONTROLLER.createAgent("right");
        CONTROLLER.createAgent("around");
        beginWithAListOfAnAgentThatDoesNotAnswer();
        killed = begin("killed");
        CONTROLLER.kill();
        killed.open();
        killed.awaitEnded(2); // without a controller
        CONTROLLER.start();
        CONTROLLER.build("killed").awaitBranches(INPUTS);
        assertEquals("the list was not read", List.of(), listed.begunInputs());
        Processes.signal("CONT", Processes.agent("around"));
        stopped = begin("stopped");
        lost = new Gate(FOLDER.getRoot().toPath().resolve("lost"));
        CONTROLLER.startJob("lost", "cpuPool label: 'left', inputs: [1], command: '" + lost.command() + "'");
        lost.awaitBegun(1);
        CONTROLLER.stop();
        BuildRecord build = CONTROLLER.build("lost");
        Files.delete(build.directory().resolve("concurrency").resolve(build.awaitRunId()).resolve("nodes.json"));
        CONTROLLER.start();
        stopped.open();
    }

    /** The step is in the build's program when the controller is killed, but its list could not be read yet. */
    private static void beginWithAListOfAnAgentThatDoesNotAnswer() throws Throwable {
        Gate before = new Gate(FOLDER.getRoot().toPath().resolve("before"));
        listed = new Gate(FOLDER.getRoot().toPath().resolve("listed"));
        listed.open();
        CONTROLLER.startJob(
                "listed",
                "node('around') {\nwriteFile file: 'list.txt', text: '1\\n2\\n3'\n"
                        + "cpuPool label: 'left', inputs: [1], command: '" + before.command() + "'\n"
                        + "def r = cpuPool label: 'right', inputsFile: 'list.txt', command: '" + listed.command() + "'\n"
                        + "echo \"ended ${r.succeeded} of ${r*.name}\"\n}");
        before.awaitBegun(1);
        Processes.signal("STOP", Processes.agent("around"));
        before.open();
        Await.until("the second step", () -> CONTROLLER.build("listed").runs().size() == 2);
    }

    private static Gate begin(String job) throws Throwable {
        Gate gate = new Gate(FOLDER.getRoot().toPath().resolve(job));
        CONTROLLER.startJob(
                job,
                "def r = cpuPool label: 'left || right', nodes: 2, workers: 1, inputs: 1.." + INPUTS + ", command: '"
                        + gate.command() + "'\necho \"ended ${r.succeeded}, attempts ${r.collect { it.attempts }.toSet()}, on "
                        + "${r.collect { it.node }.toSet().sort()}\"");
        gate.awaitBegun(2);
        return gate;
    }

    private static void assertAllOnce(String job, Gate gate) throws Exception {
        BuildRecord build = CONTROLLER.build(job);
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended " + INPUTS + ", attempts [1], on [left, right]");
        gate.assertWorkedOnOnce(build, INPUTS);
    }

    @Test
    public void nothingIsLostOrDoneAgainWhereTheControllerIsKilled() throws Exception {
        assertAllOnce("killed", killed);
    }

    @Test
    public void nothingIsLostOrDoneAgainWhereTheControllerIsRestarted() throws Exception {
        assertAllOnce("stopped", stopped);
    }

    @Test
    public void aListIsReadWhenItsAgentIsBackAfterTheControllerWasKilled() throws Exception {
        BuildRecord build = CONTROLLER.build("listed");
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 3 of [1, 2, 3]");
        assertEquals(List.of("1", "2", "3"), listed.endedInputs());
    }

    @Test
    public void aRunThatHasLostWhatItKnewOfItsNodesFails() throws Exception {
        BuildRecord build = CONTROLLER.build("lost");
        build.assertEnd("FAILURE");
        build.assertLogContains("ERROR: cpuPool: there is no file ");
        assertEquals(List.of(), lost.endedInputs());
        assertEquals("not on the controller either", 1, lost.begunInputs().size());
    }
}
