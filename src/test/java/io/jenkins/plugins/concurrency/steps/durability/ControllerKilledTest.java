package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs whose controller is killed with SIGKILL while their agents live on: one death, at the worst moment of each. */
public class ControllerKilledTest {

    @ClassRule(order = 0)
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    @ClassRule(order = 1)
    public static final HttpTestServer SERVER = Scripts.pages();

    @ClassRule(order = 2)
    public static final RealController CONTROLLER = new RealController();

    /** Builds that are begun one after the other, so that each is at another moment of its start when the end comes. */
    private static final Map<String, Gate> STARTING = new LinkedHashMap<>();

    private static Gate pool;
    private static Gate done;
    private static String abortedRun;
    private static String unheardRun;

    @BeforeClass
    public static void killTheControllerAndStartItAgain() throws Throwable {
        CONTROLLER.start();
        CONTROLLER.createAgent("steady");
        CONTROLLER.createAgent("frozen");
        startWhatWillBeInMidRun();
        ProcessHandle frozen = Processes.agent("frozen");
        Processes.signal("STOP", frozen);
        endARunUnheard();
        CONTROLLER.abort("unheard");
        for (int i = 0; i < 8; i++) {
            Gate gate = new Gate(folder("starting" + i));
            STARTING.put("starting" + i, gate);
            CONTROLLER.startJob("starting" + i, Scripts.pool("steady", 4, gate));
        }
        CONTROLLER.build("starting4").awaitRunId();
        CONTROLLER.abort("aborted");
        CONTROLLER.build("aborted").awaitStopped();
        CONTROLLER.build("unheard").awaitStopped();
        CONTROLLER.kill();

        pool.open();
        pool.awaitEnded(6);
        SERVER.release();
        Processes.signal("CONT", frozen);
        for (Gate gate : STARTING.values()) {
            gate.open();
        }
        // Whether a build goes on that had not come to its step is Pipeline's business.
        for (Iterator<String> jobs = STARTING.keySet().iterator(); jobs.hasNext(); ) {
            if (!CONTROLLER.build(jobs.next()).hasRun()) {
                jobs.remove();
            }
        }
        CONTROLLER.start();
    }

    private static void startWhatWillBeInMidRun() throws Throwable {
        pool = new Gate(folder("pool"));
        done = new Gate(folder("done"));
        CONTROLLER.startJob("pool", Scripts.pool("steady", 6, pool));
        CONTROLLER.startJob("fetch", Scripts.fetches("steady", SERVER));
        CONTROLLER.startJob("outside", Scripts.fetchesOutsideNode(SERVER));
        CONTROLLER.startJob("done", Scripts.pool("frozen", 3, done));
        CONTROLLER.startJob("aborted", Scripts.onNode("steady", StubbornTasks.step(folder("aborted"))));
        CONTROLLER.startJob("unheard", Scripts.onNode("frozen", StubbornTasks.step(folder("unheard"))));
        pool.awaitBegun(2);
        pool.open(1);
        pool.awaitBegun(3);
        done.awaitBegun(2);
        Scripts.awaitFetches(SERVER);
        CONTROLLER.build("outside").awaitBranches(1);
        abortedRun = StubbornTasks.awaitBegun(CONTROLLER.build("aborted"), folder("aborted"));
        unheardRun = StubbornTasks.awaitBegun(CONTROLLER.build("unheard"), folder("unheard"));
    }

    private static void endARunUnheard() throws Exception {
        done.open();
        String run = CONTROLLER.build("done").awaitRunId();
        Await.until("the supervisor's end", () -> Processes.supervisors(run).isEmpty());
        assertEquals("the controller knows of no end", List.of(), CONTROLLER.build("done").branches());
    }

    private static Path folder(String name) {
        return FOLDER.getRoot().toPath().resolve(name);
    }

    @Test
    public void aPoolInMidRunGoesOnWithoutAController() throws Exception {
        pool.assertEachOnce(CONTROLLER.build("pool"), 6);
    }

    @Test
    public void poolsThatHadJustBeenStartedAreCarriedOutOnce() throws Exception {
        for (Map.Entry<String, Gate> build : STARTING.entrySet()) {
            build.getValue().assertEachOnce(CONTROLLER.build(build.getKey()), 4);
        }
    }

    @Test
    public void aPoolWhoseEndTheControllerDidNotLearnIsNotDoneAgain() throws Exception {
        done.assertEachOnce(CONTROLLER.build("done"), 3);
    }

    @Test
    public void fetchesInMidRunGoOnWithoutAController() throws Exception {
        Scripts.assertFetchedOnce(CONTROLLER.build("fetch"), SERVER);
    }

    @Test
    public void fetchesOutsideNodeAreRepeatedIfThatIsSafe() throws Exception {
        Scripts.assertFetchedAgainIfThatIsSafe(CONTROLLER.build("outside"), SERVER, 2);
    }

    @Test
    public void aBuildAbortedJustBeforeIsCancelled() throws Exception {
        assertCancelled("aborted", abortedRun);
    }

    @Test
    public void aBuildAbortedWhileItsAgentCouldNotHearOfItIsCancelled() throws Exception {
        assertCancelled("unheard", unheardRun);
    }

    private static void assertCancelled(String job, String runId) throws Exception {
        BuildRecord build = CONTROLLER.build(job);
        build.assertEnd("ABORTED");
        Await.until("the end of all processes", () -> Processes.ofRun(runId).isEmpty());
        Await.until("the supervisor's end", () -> Processes.supervisors(runId).isEmpty());
        assertEquals(StubbornTasks.COUNT, build.branches().size());
        assertEquals(StubbornTasks.STUBBORN, build.count("cancelled"));
    }
}
