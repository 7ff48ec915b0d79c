package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * The {@code .hpi} that {@code embedded/test} leaves, in a real Jenkins: where {@code -Dembedded.hpi=} names it. What Jenkins
 * keeps of a plugin's objects depends on how its file is made.
 */
public class EmbeddedPluginTest {

    private static final String FAILING = "def failure, gathered\n"
            + "try { cpuPool tasks: [good: 'true', bad: 'exit 3'], onFailure: 'fail' } catch (e) { failure = e }\n"
            + "gathered = gather bad: { sleep 1; error 'bad' }, slow: { sleep 600 }, failFast: true, onFailure: 'ignore'\n"
            + "gather late: { sleep 600 }, timeout: 1, onFailure: 'ignore'\n"
            + "%s\n"
            + "echo \"after: ${failure.results.failures*.name} ${gathered*.outcome}\"\n"
            + "throw failure";

    @Rule(order = 0)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = 1)
    public final RealController controller = new RealController();

    @Test
    public void settingsAndBuildsOutliveARestart() throws Throwable {
        File plugin = new File(System.getProperty("embedded.hpi", ""));
        assumeTrue("-Dembedded.hpi names no file", plugin.isFile());
        controller.install(plugin.toPath());
        controller.start();
        controller.createAgent("agent");
        Gate pool = new Gate(folder.getRoot().toPath().resolve("pool"));
        Gate held = new Gate(folder.getRoot().toPath().resolve("held"));
        controller.startJob("pool", Scripts.pool("agent", 4, pool));
        String hold = Scripts.pool(1, held.command(), "");
        controller.startJob("failing", Scripts.onNode("agent", String.format(FAILING, hold)));
        pool.awaitBegun(2);
        held.awaitBegun(1);

        controller.restart();

        pool.open();
        held.open();
        controller.build("pool").assertEnd("SUCCESS");
        controller.build("pool").assertLogContains("ended 4 of 4, attempts [1, 1, 1, 1]");
        assertEquals(List.of(0, 1, 2, 3), controller.build("pool").indexes());
        controller.build("failing").assertEnd("FAILURE");
        controller.build("failing").assertLogContains("after: [bad] [failed, cancelled]");
        controller.build("failing").assertLogContains("cpuPool: 1 of 2 branches did not succeed: bad: exit: exit code 3");
    }
}
