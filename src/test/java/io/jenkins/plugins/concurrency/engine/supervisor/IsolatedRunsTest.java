package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import java.nio.file.Path;
import org.junit.Test;

public class IsolatedRunsTest {

    @Test
    public void theyHaveHalfOfWhatIsLeftWhileTheyLive() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        NodeLimits all = new NodeLimits(8, 1_000);
        // any process that waits for its input
        Process supervisor = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Waiting.class.getName()).start();
        try {
            NodeLimits half = IsolatedRuns.left(all).half();
            assertEquals(new NodeLimits(4, 500), half);
            IsolatedRuns.started(supervisor.pid(), half, 100);
            assertEquals("its heap too", new NodeLimits(4, 400), IsolatedRuns.left(all));
            assertEquals(new NodeLimits(2, 200), IsolatedRuns.left(all).half());
            assertEquals("never nothing", new NodeLimits(1, 1), IsolatedRuns.left(new NodeLimits(3, 500)));
            assertEquals("no limit stays none", NodeLimits.NONE, IsolatedRuns.left(NodeLimits.NONE));
        } finally {
            supervisor.destroyForcibly().waitFor();
        }
        assertEquals(all, IsolatedRuns.left(all));
    }

    /** Does nothing until its input ends. */
    public static final class Waiting {
        private Waiting() {}

        public static void main(String[] args) throws Exception {
            System.in.read();
        }
    }
}
