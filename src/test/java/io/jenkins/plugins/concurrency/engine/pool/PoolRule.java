package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionProtocol;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.pool.output.BranchOutputs;
import io.jenkins.plugins.concurrency.engine.pool.worker.JsonWorkerProtocol;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerAttempter;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerProtocol;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptCounter;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSource;
import io.jenkins.plugins.concurrency.engine.schedule.FailFastSink;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleLimits;
import io.jenkins.plugins.concurrency.engine.schedule.Scheduler;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** Runs tasks through a real scheduler in real processes, and tells which of those are left. */
public final class PoolRule extends ExternalResource {

    /** Tasks with who runs them. */
    public record Work(List<PoolBranch> branches, Attempter<PoolBranch> attempter) {}

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ScheduledExecutorService timer = TimerThread.start("test timer");
    private final String runId = UUID.randomUUID().toString();
    private final List<String> refusals = Collections.synchronizedList(new ArrayList<>());
    private final List<String> console = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Runnable> onConsole = new ConcurrentHashMap<>();
    private BranchOutputs outputs;
    private SecretMask mask = SecretMask.NONE;
    private int workers = 2;
    private CommandOptions commandOptions = CommandOptions.DEFAULT;
    private PoolSettings.WorkerOptions options = PoolSettings.WorkerOptions.DEFAULT;
    private BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);

    @Override
    protected void before() throws Throwable {
        folder.create();
    }

    @Override
    protected void after() {
        timer.shutdownNow();
        folder.delete();
    }

    public Path directory() {
        return folder.getRoot().toPath();
    }

    public Path outputs() {
        return directory().resolve("outputs");
    }

    /** Where whole outputs are kept. */
    public Path kept() {
        return directory().resolve("kept");
    }

    /** Does something as soon as people are told a line. */
    public void onConsole(String line, Runnable action) {
        onConsole.put(line, action);
    }

    private void append(String line) {
        console.add(line);
        onConsole.getOrDefault(line, () -> {}).run();
    }

    /** What people were told. */
    public List<String> console() {
        return console;
    }

    public void workers(int count) {
        workers = count;
    }

    public void options(CommandOptions given) {
        commandOptions = given;
    }

    public void options(OutputOptions given) {
        options(commandOptions.with(Map.of("output", given)));
    }

    public void options(PoolSettings.WorkerOptions given) {
        options = given;
    }

    public void shell(String shell) {
        options(commandOptions.with(Map.of("shell", shell)));
    }

    public void maxTasksPerWorker(int tasks) {
        options(commandOptions.with(Map.of("maxTasksPerWorker", tasks)));
    }

    public void secrets(String... secrets) {
        mask = SecretMask.of(List.of(secrets));
    }

    public void timeout(Duration timeout) {
        policy = new BranchSettings(policy.failFast(), policy.retry(), timeout, 0);
    }

    public void failFast() {
        policy = new BranchSettings(true, policy.retry(), policy.timeout());
    }

    public void retries(int retries) {
        policy = new BranchSettings(policy.failFast(), new RetryPolicy(retries, Duration.ZERO), policy.timeout(), 0);
    }

    /** @param namesAndCommands a name, its command, a name, its command … */
    public Work commands(String... namesAndCommands) throws IOException {
        List<PoolBranch> branches = new ArrayList<>();
        for (int i = 0; i < namesAndCommands.length; i += 2) {
            branches.add(new PoolBranch(i / 2, namesAndCommands[i], namesAndCommands[i + 1], null));
        }
        return new Work(branches, commands((CommandTemplate) null));
    }

    public Work template(String template, Object... inputs) throws IOException {
        CommandTemplate parsed = CommandTemplate.parse(template);
        return new Work(inputs(inputs), commands(parsed));
    }

    public Work function(String source, Object... inputs) throws IOException {
        WorkerStart.Program program = new WorkerStart.Program.Functions(options.memory(), workers);
        return workers(new FunctionProtocol(source, options.classPath(), program, 1, outputBytes()), inputs);
    }

    /** The function on so many threads of one process as there are workers. */
    public Work functionOnThreads(String source, Object... inputs) throws IOException {
        WorkerStart.Program program = new WorkerStart.Program.Functions(options.memory(), 1);
        return workers(new FunctionProtocol(source, options.classPath(), program, workers, outputBytes()), inputs);
    }

    /** @param command starts a persistent worker */
    public Work worker(String command, Object... inputs) throws IOException {
        return workers(new JsonWorkerProtocol(InterpretedScript.of(command, commandOptions.shell())), inputs);
    }

    private Work workers(WorkerProtocol protocol, Object... inputs) throws IOException {
        return new Work(
                inputs(inputs),
                new WorkerAttempter(
                        protocol,
                        commandOptions.maxTasksPerWorker(),
                        host(),
                        directory().toString(),
                        runId,
                        mask,
                        readers()::of,
                        refusals::add));
    }

    private CommandAttempter commands(CommandTemplate template) throws IOException {
        return new CommandAttempter(template, commandOptions.shell(), host(), directory().toString(), runId, mask, readers()::of);
    }

    private BranchOutputs readers() {
        outputs = new BranchOutputs(commandOptions.output(), runId, kept(), mask, this::append);
        return outputs;
    }

    private long outputBytes() {
        return commandOptions.output().isRead() ? commandOptions.output().maxBytes() : -1;
    }

    private PoolHost host() throws IOException {
        PoolHost host = new LocalHost(outputs());
        host.prepare(new PoolSettings(
                PoolKind.CPU, workers, null, null, directory().toString(), commandOptions, options));
        return host;
    }

    private static List<PoolBranch> inputs(Object... inputs) {
        List<PoolBranch> branches = new ArrayList<>();
        for (Object input : inputs) {
            branches.add(new PoolBranch(branches.size(), "input " + branches.size(), null, input));
        }
        return branches;
    }

    /** Why functions were refused. */
    public List<String> refusals() {
        return refusals;
    }

    /** Runs everything to its end; the outcomes in the order of the tasks. */
    public List<Outcome> run(Work work) throws Exception {
        List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        Iterator<PoolBranch> branches = work.branches().iterator();
        BranchSource<PoolBranch> source = () -> branches.hasNext() ? branches.next() : null;
        FailFastSink sink = new FailFastSink(outcomes::add);
        Scheduler<PoolBranch> scheduler = new Scheduler<>(
                source,
                work.attempter(),
                new ScheduleLimits(workers, 0, null),
                policy,
                sink,
                AttemptCounter.NONE,
                timer);
        sink.connect(scheduler, policy.failFast(), 0, null);
        scheduler.start().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (work.attempter() instanceof Closeable ended) {
            ended.close();
        }
        if (outputs != null) {
            outputs.close();
        }
        outcomes.sort(Comparator.comparingInt(Outcome::index));
        return outcomes;
    }

    /** Ends what the run's tasks have left behind. */
    public CompletionStage<Void> killAll() {
        return ProcessKiller.kill(PoolEnvironment.runCookie(runId));
    }

    /** Waits until no process of the run is left. */
    public void awaitEnd() throws Exception {
        for (ProcessHandle process : processes()) {
            process.onExit().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The living processes of the run. */
    public List<ProcessHandle> processes() {
        return PoolEnvironment.runCookie(runId).processes();
    }
}
