package io.jenkins.plugins.concurrency.engine.supervisor.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.run.NodeLimits;
import io.jenkins.plugins.concurrency.engine.run.file.AtomicFile;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorProcess;
import io.jenkins.plugins.concurrency.engine.supervisor.socket.SocketKey;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class IsolatedRunRecordTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private SupervisorSettings.Shared place;

    /** As any process of the agent reads it. */
    private NodeLimits left(NodeLimits all) throws IOException {
        return IsolatedRunRecord.remaining(place, all);
    }

    @Before
    public void choosePlace() {
        place = new SupervisorSettings.Shared(folder.getRoot().toPath(), Duration.ofMinutes(1), SocketKey.of(new byte[SocketKey.BYTES]));
    }

    private Path record(String pid) throws IOException {
        return folder.getRoot().toPath().resolve("isolated-" + place.key().id() + "-" + pid + ".json");
    }

    @Test
    public void oneThatCantBeReadIsKeptAndTheOthersCount() throws Exception {
        Path unreadable = record("1");
        for (Path each : List.of(unreadable, record("2"), record("3"))) {
            Files.createFile(Files.createDirectory(each).resolve("file"));
        }
        IsolatedRunRecord.started(place, ProcessHandle.current().pid(), new NodeLimits(4, 0), 100);
        assertEquals(new NodeLimits(4, 0), left(new NodeLimits(8, 0)));
        assertTrue(Files.exists(unreadable));
    }

    @Test
    public void aClockThatIsSetALittleEndsNone() throws Exception {
        SupervisorProcess own = SupervisorProcess.of(ProcessHandle.current());
        Path file = record(Long.toString(own.pid()));
        AtomicFile.write(file, new IsolatedRunRecord(own.pid(), own.startMillis() - 2_000, 4, 0));
        assertEquals(new NodeLimits(4, 0), left(new NodeLimits(8, 0)));
        AtomicFile.write(file, new IsolatedRunRecord(own.pid(), own.startMillis() - 2_000_000, 4, 0));
        assertEquals("another had this process id", new NodeLimits(8, 0), left(new NodeLimits(8, 0)));
        assertFalse(Files.exists(file));
    }

    @Test
    public void theyHaveHalfOfWhatIsLeftWhileTheyLive() throws Exception {
        NodeLimits all = new NodeLimits(8, 1_000);
        // any process that waits for its input
        Process supervisor = TestJvm.of(Waiting.class).start();
        try {
            NodeLimits half = left(all).half();
            assertEquals(new NodeLimits(4, 500), half);
            IsolatedRunRecord.started(place, supervisor.pid(), half, 100);
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
