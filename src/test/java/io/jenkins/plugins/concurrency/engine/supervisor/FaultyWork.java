package io.jenkins.plugins.concurrency.engine.supervisor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.concurrency.engine.fetch.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficLimits;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.BranchFile;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.Work;
import io.jenkins.plugins.concurrency.engine.schedule.BranchPolicy;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Work whose every execution leaves a trace, so that it can be told how often a branch was done. */
final class FaultyWork implements AutoCloseable {

    enum Kind {
        COMMANDS,
        FUNCTIONS,
        FETCHES
    }

    /** Enough for every attempt that a fault may cost. */
    private static final int RETRIES = 20;

    private static final int BODY_BLOCKS = 8;
    private static final int BLOCK = 4096;

    final Kind kind;
    final int count;
    final int width;
    final boolean failFast;

    private final String runId;
    private final Path workspace;
    private final Map<Integer, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final ExecutorService serverThreads = Executors.newCachedThreadPool();
    private HttpServer server;

    FaultyWork(String runId, Path workspace, Random random) {
        this.runId = runId;
        this.workspace = workspace;
        this.kind = Kind.values()[random.nextInt(Kind.values().length)];
        this.count = 15 + random.nextInt(30);
        this.width = 1 + random.nextInt(4);
        this.failFast = random.nextInt(8) == 0;
    }

    /** Whether a branch must not be done again, if it may have been done. */
    boolean isUnrepeatable(int index) {
        return kind == Kind.FETCHES && index % 5 == 4;
    }

    /** With fail-fast there is a branch that fails. */
    boolean fails(int index) {
        return failFast && index == count / 2;
    }

    void prepare(RunFiles files) throws IOException {
        Work work = switch (kind) {
            case COMMANDS -> new Work.Pool(new PoolSettings(width, null, null, workspace.toString()));
            case FUNCTIONS -> new Work.Pool(new PoolSettings(
                    width,
                    null,
                    "Thread.sleep(input.pause); new File('done').append(input.line)\n"
                            + "if (input.fails) throw new Exception('as it should'); index",
                    workspace.toString()));
            case FETCHES -> {
                BodyStorage storage = new BodyStorage(workspace.toString(), "pages", 0);
                FetchSettings standard = FetchSettings.standard(storage);
                startServer();
                yield new Work.Fetch(
                        new FetchSettings(
                                new TrafficLimits(width, 0, 0),
                                standard.timeouts(),
                                standard.requests(),
                                standard.redirects(),
                                storage,
                                standard.network(),
                                standard.credentials()),
                        null);
            }
        };
        // What fails on purpose fails for good at once.
        RetryPolicy retry = failFast ? RetryPolicy.none() : new RetryPolicy(RETRIES, Duration.ofMillis(1));
        files.writeSpec(new RunSpec(
                runId, new BranchPolicy(failFast, retry, Duration.ofSeconds(30)), work, List.of(), RunLimits.NONE));
        Random random = new Random(count);
        try (BranchFile.Writer out = new BranchFile.Writer(files.branches())) {
            for (int index = 0; index < count; index++) {
                out.add(branch(index, random.nextInt(40)));
            }
            out.commit();
        }
    }

    private Map<String, Object> branch(int index, int pauseMillis) {
        Map<String, Object> branch = new LinkedHashMap<>();
        branch.put("name", "b" + index);
        switch (kind) {
            case COMMANDS -> branch.put("command", "sleep 0.0" + pauseMillis + " & wait; echo " + index + " >> done; sleep 0.0"
                    + pauseMillis + (fails(index) ? "; false" : ""));
            case FUNCTIONS -> branch.put(
                    "input", Map.of("pause", pauseMillis, "line", index + "\n", "fails", fails(index)));
            case FETCHES -> {
                branch.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/" + index);
                branch.put("method", isUnrepeatable(index) ? "POST" : "GET");
                branch.put("file", index + ".bin");
            }
            default -> throw new AssertionError(kind);
        }
        return branch;
    }

    private void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(serverThreads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        int index = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
        requests.computeIfAbsent(index, key -> new AtomicInteger()).incrementAndGet();
        if (fails(index)) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(200, (long) BODY_BLOCKS * BLOCK);
        for (int block = 0; block < BODY_BLOCKS; block++) {
            exchange.getResponseBody().write(body(index));
            exchange.getResponseBody().flush();
            LockSupport.parkNanos(5_000_000);
        }
        exchange.close();
    }

    private static byte[] body(int index) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) index);
        return block;
    }

    /** How often each branch was done, as far as the world outside the run can tell. */
    int executions(int index) throws IOException {
        if (kind == Kind.FETCHES) {
            return requests.getOrDefault(index, new AtomicInteger()).get();
        }
        Path done = workspace.resolve("done");
        if (!Files.exists(done)) {
            return 0;
        }
        List<String> lines = Files.readAllLines(done);
        return (int) lines.stream().filter(Integer.toString(index)::equals).count();
    }

    /** Whether what a branch that succeeded had to make is there and whole. */
    boolean isWhole(int index) throws IOException {
        if (kind != Kind.FETCHES) {
            return true;
        }
        byte[] file = Files.readAllBytes(workspace.resolve("pages").resolve(index + ".bin"));
        if (file.length != BODY_BLOCKS * BLOCK) {
            return false;
        }
        for (byte value : file) {
            if (value != (byte) index) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        serverThreads.shutdownNow();
    }

    @Override
    public String toString() {
        return count + " " + kind + ", " + width + " at once" + (failFast ? ", fail-fast" : "");
    }
}
