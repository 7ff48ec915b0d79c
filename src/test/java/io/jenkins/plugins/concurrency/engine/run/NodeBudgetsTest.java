package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs that one process does at once: what they have together, and how they keep out of each other's way. */
public class NodeBudgetsTest {

    private static final int MANY = 200_000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer((request, to) -> to.respond(204));

    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final HttpReactor reactor = new HttpReactor();
    private final NodeBudgets budgets = new NodeBudgets(2, timer);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @After
    public void close() {
        threads.shutdownNow();
        reactor.close();
        timer.shutdownNow();
    }

    /** A run in a directory of its own. */
    private final class Run {

        final RunFiles files;
        final List<String> said = Collections.synchronizedList(new ArrayList<>());
        final RunExecutor run;
        final CompletableFuture<JournalEntry.Finished> end = new CompletableFuture<>();

        Run(String id, WorkSpec work, int count, IntFunction<Map<String, Object>> branch) throws Exception {
            files = new RunFiles(Files.createDirectories(path(id)));
            RunInputs.write(files, id, RunInputs.ONCE, work, IntStream.range(0, count).mapToObj(branch));
            RunEnvironment around = new RunEnvironment(
                    name -> null, ofTwoProcessors(new LocalHost(files.outputs())), said::add, budgets.of(id));
            run = new RunExecutor(files, timer, () -> reactor, outcome -> {}, around);
        }

        Run start() {
            threads.execute(() -> {
                try {
                    run.start().whenComplete((last, thrown) -> {
                        if (thrown == null) {
                            end.complete(last);
                        } else {
                            end.completeExceptionally(thrown);
                        }
                    });
                } catch (Exception e) {
                    end.completeExceptionally(e);
                }
            });
            return this;
        }

        int succeeded() throws Exception {
            assertEquals(null, end.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).failure());
            JournalIndex journal = JournalIndex.read(files.journal());
            assertEquals("what failed first", null, journal.failed(1));
            return journal.count(OutcomeStatus.SUCCEEDED);
        }
    }

    /** However many this machine has. */
    private static PoolHost ofTwoProcessors(PoolHost host) {
        return (PoolHost) Proxy.newProxyInstance(
                PoolHost.class.getClassLoader(), new Class<?>[] {PoolHost.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("processors") ? 2 : method.invoke(host, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private Run commands(String id, int workers, int count, String command) throws Exception {
        return commands(id, new PoolSettings(workers, null, null, folder.getRoot().toString()), count, command);
    }

    private Run commands(String id, PoolSettings settings, int count, String command) throws Exception {
        return new Run(id, new WorkSpec.Pool(settings), count, i -> Map.of("name", id + i, "command", command));
    }

    /** Each says that it is there, and waits for the file {@code go}. */
    private Run waiting(String id, int workers, int count) throws Exception {
        return commands(id, workers, count, waits(id));
    }

    private String waits(String id) throws Exception {
        Path there = Files.createDirectories(path("there"));
        return "own=$(mktemp " + there + "/" + id + "-XXXXXX); while [ ! -e go ]; do sleep 0.02; done; rm $own";
    }

    private Run waitingInMemory(String id, int memory) throws Exception {
        CommandOptions options = CommandOptions.DEFAULT.with(Map.of("memory", memory));
        PoolSettings settings = new PoolSettings(
                PoolKind.CPU, 0, null, null, folder.getRoot().toString(), options, PoolSettings.WorkerOptions.DEFAULT);
        return commands(id, settings, 1, waits(id));
    }

    private int there(String id) {
        String[] names = path("there").toFile().list((in, name) -> name.startsWith(id));
        return names == null ? 0 : names.length;
    }

    @Test
    public void togetherTheyHaveNoMoreProcessesThanTheNodeGives() throws Exception {
        budgets.limit(new NodeLimits(3, 0));
        Run first = waiting("first", 0, 6).start();
        Await.until("all processors", () -> there("first") == 2);
        Run second = waiting("second", 4, 6).start();
        Await.until("the last process", () -> there("second") == 1);
        Await.until("a line", () -> !second.said.isEmpty() && second.said.size() == 2);
        assertEquals(3, there(""));
        assertEquals(
                List.of(
                        "at most 3 instead of 4 at once: this node's limits for all steps together allow no more",
                        "this step waits for its turn: other steps use all that this node's limits allow (processes: 3)"),
                second.said);
        Files.createFile(path("go"));
        assertEquals(6, first.succeeded());
        assertEquals(6, second.succeeded());
        assertEquals(2, second.said.size());
    }

    @Test
    public void whoWaitsForMemoryKeepsNobodyFromWhatIsFree() throws Exception {
        budgets.limit(new NodeLimits(2, 1_000));
        Run first = waitingInMemory("first", 1_000).start();
        Await.until("all memory", () -> there("first") == 1);
        Run second = waitingInMemory("second", 600).start();
        Await.until("a line", () -> !second.said.isEmpty());
        Run third = waiting("third", 0, 1).start();
        Await.until("a process that waits for no memory", () -> there("third") == 1);
        assertEquals(0, there("second"));
        Files.createFile(path("go"));
        for (Run run : List.of(first, second, third)) {
            assertEquals(1, run.succeeded());
        }
    }

    @Test
    public void whatCommandsMayTakeIsNoMoreThanTheNodeGives() throws Exception {
        budgets.limit(new NodeLimits(0, 100));
        RunBudgets.PoolDemand demand = new RunBudgets.PoolDemand(PoolKind.CPU, false, 1, 40, false);
        List<String> said = new ArrayList<>();
        assertEquals(2, budgets.of("a").pool(demand, said::add).width(8));
        assertEquals("what nobody has said anything of", 8, budgets.of("a")
                .pool(new RunBudgets.PoolDemand(PoolKind.CPU, false, 1, 0, false), said::add)
                .width(8));
        assertEquals("heaps of workers", 100, budgets.of("a").heapMib(1));
        assertEquals(64, budgets.of("a").heapMib(8));
        budgets.limit(new NodeLimits(2, 400));
        assertEquals("no more than two at once", 200, budgets.of("a").heapMib(8));
        budgets.limit(NodeLimits.NONE);
        assertEquals("as without us", 0, budgets.of("a").heapMib(8));
    }

    @Test
    public void processorsAreGivenAndTakenAsRunsComeAndGo() throws Exception {
        Run first = waiting("first", 0, 5).start();
        Await.until("all processors", () -> there("first") == 2);
        Run second = waiting("second", 0, 1).start();
        Await.until("one for each run", () -> there("second") == 1);
        Files.createFile(path("go"));
        assertEquals(5, first.succeeded());
        assertEquals(1, second.succeeded());
        assertEquals(List.of(), first.said);
    }

    private static WorkSpec oneByOne() {
        FetchSettings standard = FetchSettings.standard(new BodyStorage(null, null, 0));
        return new WorkSpec.Fetch(RunInputs.with(standard, new TrafficSettings(1, 0, 0)), null);
    }

    /** But for the first, branches end on the thread that starts them: an I/O thread, which has others to serve. */
    @Test
    public void aRunOfTenNeedNotWaitForRunsOfManyThatBeganBefore() throws Exception {
        String url = server.url("/");
        List<Run> many = new ArrayList<>();
        for (int i = 0; i < Math.max(2, Runtime.getRuntime().availableProcessors()); i++) {
            many.add(new Run("many" + i, oneByOne(), MANY, n -> Map.of(
                    "name", "b" + n, "url", n == 0 ? url : "nothing that there is")));
        }
        many.forEach(Run::start);
        for (Run run : many) {
            Await.until("its first branches", () -> Files.exists(run.files.journal()) && run.files.journal().toFile().length() > 50_000);
        }
        FetchSettings plain = FetchSettings.standard(new BodyStorage(null, null, 0));
        Run ten = new Run("ten", new WorkSpec.Fetch(plain, null), 10, n -> Map.of("name", "b" + n, "url", url + n)).start();
        assertEquals(10, ten.succeeded());
        for (Run run : many) {
            assertFalse("the run of ten was last", run.end.isDone());
            run.run.suspend();
        }
        for (Run run : many) {
            try {
                run.end.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
                throw new AssertionError("not suspended");
            } catch (ExecutionException e) {
                assertEquals(CancellationException.class, e.getCause().getClass());
            }
        }
    }
}
