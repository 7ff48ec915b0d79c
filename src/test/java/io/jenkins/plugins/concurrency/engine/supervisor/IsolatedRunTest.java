package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class IsolatedRunTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private SupervisorSettings.Shared place;

    /** As any process of the agent reads it. */
    private NodeLimits left(NodeLimits all) throws IOException {
        return IsolatedRun.left(place, all);
    }

    @Test
    public void theyHaveHalfOfWhatIsLeftWhileTheyLive() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        NodeLimits all = new NodeLimits(8, 1_000);
        place = new SupervisorSettings.Shared(folder.getRoot().toPath(), Duration.ofMinutes(1), SocketKey.of(new byte[SocketKey.BYTES]));
        // any process that waits for its input
        Process supervisor = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Waiting.class.getName()).start();
        try {
            NodeLimits half = left(all).half();
            assertEquals(new NodeLimits(4, 500), half);
            IsolatedRun.started(place, supervisor.pid(), half, 100);
            assertEquals("its heap too", new NodeLimits(4, 400), left(all));
            assertEquals(new NodeLimits(2, 200), left(all).half());
            assertEquals("never nothing", new NodeLimits(1, 1), left(new NodeLimits(3, 500)));
            assertEquals("no limit stays none", NodeLimits.NONE, left(NodeLimits.NONE));
        } finally {
            supervisor.destroyForcibly().waitFor();
        }
        assertEquals(all, left(all));
        assertEquals("nothing stays", 0, folder.getRoot().list().length);
    }

    /** Does nothing until its input ends. */
    public static final class Waiting {
        private Waiting() {}

        public static void main(String[] args) throws Exception {
            System.in.read();
        }
    }
}
