package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.file.Feed;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs whose branches come while they go on. */
public class FedRunTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Of no other run on this machine: its processes are found by it. */
    private final String id = UUID.randomUUID().toString();

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final BlockingQueue<Outcome> ended = new LinkedBlockingQueue<>();
    private RunFiles files;

    @Before
    public void prepare() throws Exception {
        files = new RunFiles(folder.getRoot().toPath());
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ofSeconds(60));
        PoolSettings settings = new PoolSettings(2, null, null, folder.getRoot().getPath());
        files.writeSpec(new RunSpec(id, policy, new WorkSpec.Pool(settings), List.of(), RunLimits.NONE));
        files.openFeed();
    }

    @After
    public void close() {
        timer.shutdownNow();
    }

    private static Feed.Line line(int index, int attempts, String command) {
        return new Feed.Line(index, attempts, Map.of("name", "b" + index, "command", command));
    }

    private void feed(String text) throws Exception {
        Files.writeString(files.feed(), text, StandardOpenOption.APPEND);
    }

    private RunExecutor run() {
        return new RunExecutor(files, timer, () -> null, ended::add);
    }

    private Outcome next() throws Exception {
        Outcome outcome = ended.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue("a branch ended", outcome != null);
        return outcome;
    }

    private static int total(CompletableFuture<JournalEntry.Finished> end) throws Exception {
        return end.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).total();
    }

    @Test
    public void branchesAreTakenAsTheyComeUntilTheEndIsSaid() throws Exception {
        feed(line(7, 0, "echo one").text());
        CompletableFuture<JournalEntry.Finished> end = run().start().toCompletableFuture();
        assertEquals(7, next().index());
        assertFalse("more may come", end.isDone());
        feed(line(3, 2, "echo two").text() + line(900_000, 0, "exit 5").text());
        Outcome first = next();
        Outcome second = next();
        Outcome counted = first.index() == 3 ? first : second;
        assertEquals("with those of others", 3, counted.attempts());
        assertEquals(OutcomeStatus.FAILED, (counted == first ? second : first).status());
        assertFalse(end.isDone());
        feed(Feed.endLine());
        assertEquals(3, total(end));
        assertTrue(JournalIndex.read(files.journal()).hasEnded(900_000));
    }

    @Test
    public void aRunThatIsCancelledDoesNotWaitForTheEndOfItsFeed() throws Exception {
        feed(line(0, 0, "sleep 1000").text() + line(1, 0, "sleep 1000").text() + line(2, 0, "true").text());
        RunExecutor run = run();
        CompletableFuture<JournalEntry.Finished> end = run.start().toCompletableFuture();
        run.cancel("enough");
        assertEquals(3, total(end));
        assertEquals(3, JournalIndex.read(files.journal()).count(OutcomeStatus.CANCELLED));
    }

    @Test
    public void anotherProcessDoesOnlyWhatTheJournalLacks() throws Exception {
        feed(line(0, 0, "echo a >> log").text());
        RunExecutor first = run();
        CompletableFuture<JournalEntry.Finished> end = first.start().toCompletableFuture();
        next();
        first.suspend();
        end.handle((last, thrown) -> thrown).get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        feed(line(1, 0, "echo b >> log").text() + Feed.endLine());
        assertEquals(2, total(run().start().toCompletableFuture()));
        assertEquals("a\nb\n", Files.readString(folder.getRoot().toPath().resolve("log")));
    }

    @Test
    public void halfALineIsLeftAlone() throws Exception {
        String text = line(1, 0, "true").text();
        feed(text + text.substring(0, 9));
        try (Feed feed = new Feed(files.feed())) {
            assertEquals(1, feed.next().index());
            assertNull(feed.next());
            assertTrue(feed.hasNews());
            feed(text.substring(9) + Feed.endLine());
            assertEquals(1, feed.next().index());
            assertNull(feed.next());
            assertTrue(feed.isAtEnd());
            assertFalse(feed.hasNews());
        }
    }

    @Test
    public void halfALineOfAProcessThatDiedIsCut() throws Exception {
        String text = line(1, 0, "true").text();
        feed(text + "{\"ind");
        assertEquals(text.length(), files.openFeed());
        assertEquals(text, Files.readString(files.feed()));
    }
}
