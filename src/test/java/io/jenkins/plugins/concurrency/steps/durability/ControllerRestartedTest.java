package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs whose controller is stopped and started in order, and then restarts itself by {@code safeRestart}. */
public class ControllerRestartedTest {

    @ClassRule(order = 0)
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    @ClassRule(order = 1)
    public static final PageServer SERVER = new PageServer();

    @ClassRule(order = 2)
    public static final RealController CONTROLLER = new RealController();

    private static Gate pool;

    @BeforeClass
    public static void restartTheControllerTwice() throws Throwable {
        pool = new Gate(FOLDER.getRoot().toPath().resolve("pool"));
        CONTROLLER.start();
        CONTROLLER.createAgent("agent");
        CONTROLLER.startJob("pool", Scripts.pool("agent", 6, pool));
        CONTROLLER.startJob("fetch", Scripts.fetches("agent", SERVER));
        CONTROLLER.startJob("outside", Scripts.fetchesOutsideNode(SERVER));
        BuildRecord build = CONTROLLER.build("pool");
        pool.awaitBegun(2);
        Scripts.awaitFetches(SERVER);
        CONTROLLER.build("outside").awaitBranches(1);

        CONTROLLER.stop();
        pool.open(1);
        pool.awaitEnded(1);
        CONTROLLER.start();
        build.awaitBranches(1);
        SERVER.await("GET", "/held/out", 2);

        CONTROLLER.safeRestart();
        Wait.until("another controller process", () -> build.log().split("Resuming build").length == 3);
        pool.open(2);
        build.awaitBranches(2);
        SERVER.await("GET", "/held/out", 3);
        pool.open();
        SERVER.release();
    }

    @Test
    public void aPoolGoesOnWhetherThereIsAControllerOrNot() throws Exception {
        BuildRecord build = CONTROLLER.build("pool");
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 6 of 6, attempts [1, 1, 1, 1, 1, 1]");
        assertEquals(List.of(0, 1, 2, 3, 4, 5), build.indexes());
        assertEquals(List.of("1", "2", "3", "4", "5", "6"), pool.endedInputs());
        assertEquals("each command began once", 6, pool.begunInputs().size());
    }

    @Test
    public void fetchesGoOnWhetherThereIsAControllerOrNot() throws Exception {
        BuildRecord build = CONTROLLER.build("fetch");
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 3 of 3, attempts [1, 1, 1]");
        assertEquals(List.of(0, 1, 2), build.indexes());
        assertEquals(1, SERVER.requests("GET", "/free/in"));
        assertEquals(1, SERVER.requests("GET", "/held/in"));
        assertEquals(1, SERVER.requests("POST", "/held/in"));
    }

    @Test
    public void fetchesOutsideNodeAreRepeatedByTheNextControllerIfThatIsSafe() throws Exception {
        BuildRecord build = CONTROLLER.build("outside");
        build.assertEnd("SUCCESS");
        build.assertLogContains("ended 2 of 3, attempts [1, 3, ");
        build.assertLogContains("post: lost, ");
        assertEquals(List.of(0, 1, 2), build.indexes());
        assertEquals("what had ended stays", 1, SERVER.requests("GET", "/free/out"));
        assertEquals("a GET in flight is sent again", 3, SERVER.requests("GET", "/held/out"));
        assertEquals("a POST in flight is not", 1, SERVER.requests("POST", "/held/out"));
    }
}
