package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.schedule.PermitBudget;
import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs of several builds in one process. */
public class SharedRunsTest {

    private static final int PERMITS = 12;
    private static final int BRANCHES = 40;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer((request, to) -> to.respond(204));

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final HttpReactor reactor = new HttpReactor();
    private final PermitBudget budget = PermitBudget.withSpare(() -> PERMITS, timer);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch crowd = new CountDownLatch(PERMITS);

    @Before
    public void serve() {
        server.on("slow", (request, to) -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            crowd.countDown();
            to.awaitRelease();
            underWay.decrementAndGet();
            to.respond(204);
        });
    }

    @After
    public void close() {
        server.release();
        reactor.close();
        timer.shutdownNow();
    }

    private RunFiles files(String build, String path) throws Exception {
        Path directory = folder.getRoot().toPath().resolve(build);
        RunFiles files = new RunFiles(Files.createDirectories(directory));
        // no time limit: only the budget keeps these runs from each other
        WorkSpec work = new WorkSpec.Fetch(FetchSettings.standard(new BodyStorage(null, null, 0)), null);
        RunInputs.write(files, build, RunInputs.ONCE, work, IntStream.range(0, BRANCHES)
                .mapToObj(i -> Map.of("name", "b" + i, "url", server.url(path + "?" + i))));
        return files;
    }

    private CompletableFuture<JournalEntry.Finished> start(RunFiles files) throws Exception {
        RunBudgets budgets = new RunBudgets() {
            @Override
            public Permits requests() {
                return Permits.NONE.and(budget.account(files.directory()));
            }
        };
        RunEnvironment around =
                new RunEnvironment(name -> null, new LocalHost(files.outputs()), lines -> {}, budgets);
        return new RunExecutor(files, timer, () -> reactor, outcome -> {}, around)
                .start()
                .toCompletableFuture();
    }

    @Test
    public void togetherTheyHaveNoMoreConnectionsThanOneMay() throws Exception {
        List<RunFiles> slow = List.of(files("a", "/slow"), files("b", "/slow"), files("c", "/slow"));
        List<CompletableFuture<JournalEntry.Finished>> ends = new ArrayList<>();
        for (RunFiles files : slow) {
            ends.add(start(files));
        }
        assertTrue("all permits are used", crowd.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        RunFiles quick = files("d", "/quick");
        start(quick).get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals("others hold everything", BRANCHES, JournalIndex.read(quick.journal()).count(OutcomeStatus.SUCCEEDED));
        assertEquals(PERMITS, underWay.get());
        server.release();
        for (CompletableFuture<JournalEntry.Finished> end : ends) {
            assertEquals(BRANCHES, end.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).total());
        }
        assertTrue("at once: " + most, most.get() <= PERMITS + 2 * slow.size());
    }
}
