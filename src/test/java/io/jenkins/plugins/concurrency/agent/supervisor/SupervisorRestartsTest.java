package io.jenkins.plugins.concurrency.agent.supervisor;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalReceiver;
import io.jenkins.plugins.concurrency.engine.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SupervisorRestartsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private JournalReceiver receiver;
    private SupervisorRestarts supervisors;

    @Before
    public void makeReceiver() throws IOException {
        receiver = new JournalReceiver(folder.getRoot().toPath().resolve("journal"), new JournalReceiver.Expected(1, true), 0, outcome -> {});
        supervisors = new SupervisorRestarts(receiver);
    }

    private void journal(JournalEntry entry) throws IOException {
        byte[] line = (Json.write(entry.toJson()) + "\n").getBytes(StandardCharsets.UTF_8);
        receiver.receive(receiver.length(), line);
    }

    private void start() throws IOException {
        supervisors.starting();
        journal(new JournalEntry.Started("run", 1));
    }

    @Test
    public void oneThatDiesIsReplacedOnce() throws IOException {
        start();
        assertEquals(SupervisorRestarts.Next.ANOTHER, supervisors.afterEnd());
        start();
        assertEquals(SupervisorRestarts.Next.NO_MORE, supervisors.afterEnd());
    }

    @Test
    public void thoseOfAnEarlierControllerCount() throws IOException {
        journal(new JournalEntry.Started("run", 1));
        start();
        assertEquals(SupervisorRestarts.Next.NO_MORE, supervisors.afterEnd());
    }

    @Test
    public void oneThatSaysNothingIsTriedTwice() {
        supervisors.starting();
        assertEquals(SupervisorRestarts.Next.ANOTHER, supervisors.afterEnd());
        supervisors.starting();
        assertEquals(SupervisorRestarts.Next.NEVER_BEGUN, supervisors.afterEnd());
    }

    @Test
    public void oneThatIsStoppedInOrderHasNotDiedButThatEndsSomeday() throws IOException {
        int started = 0;
        do {
            start();
            journal(new JournalEntry.Suspended("run", 1));
            started++;
        } while (supervisors.afterEnd() == SupervisorRestarts.Next.ANOTHER);
        assertEquals(10, started);
    }
}
