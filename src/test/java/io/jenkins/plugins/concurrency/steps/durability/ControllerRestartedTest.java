package io.jenkins.plugins.concurrency.steps.durability;

import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs whose controller is stopped and started in order, and then restarts itself by {@code safeRestart}. */
public class ControllerRestartedTest {

    @ClassRule(order = 0)
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    @ClassRule(order = 1)
    public static final HttpTestServer SERVER = Scripts.pages();

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
        Await.until("another controller process", () -> build.log().split("Resuming build").length == 3);
        pool.open(2);
        build.awaitBranches(2);
        SERVER.await("GET", "/held/out", 3);
        pool.open();
        SERVER.release();
    }

    @Test
    public void aPoolGoesOnWhetherThereIsAControllerOrNot() throws Exception {
        pool.assertEachOnce(CONTROLLER.build("pool"), 6);
    }

    @Test
    public void fetchesGoOnWhetherThereIsAControllerOrNot() throws Exception {
        Scripts.assertFetchedOnce(CONTROLLER.build("fetch"), SERVER);
    }

    @Test
    public void fetchesOutsideNodeAreRepeatedByTheNextControllerIfThatIsSafe() throws Exception {
        Scripts.assertFetchedAgainIfThatIsSafe(CONTROLLER.build("outside"), SERVER, 3);
    }
}
