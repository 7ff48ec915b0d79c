package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

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
    private final HttpTestServer server = new HttpTestServer(this::serve);

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
        WorkSpec work = switch (kind) {
            case COMMANDS -> new WorkSpec.Pool(new PoolSettings(width, null, null, workspace.toString()));
            case FUNCTIONS -> new WorkSpec.Pool(new PoolSettings(
                    width,
                    null,
                    "Thread.sleep(input.pause); new File('done').append(input.line)\n"
                            + "if (input.fails) throw new Exception('as it should'); index",
                    workspace.toString()));
            case FETCHES -> {
                BodyStorage storage = new BodyStorage(workspace.toString(), "pages", 0);
                FetchSettings standard = FetchSettings.standard(storage);
                yield new WorkSpec.Fetch(RunInputs.with(standard, new TrafficSettings(width, 0, 0)), null);
            }
        };
        // What fails on purpose fails for good at once.
        RetryPolicy retry = failFast ? RetryPolicy.none() : new RetryPolicy(RETRIES, Duration.ofMillis(1));
        files.writeSpec(new RunSpec(
                runId, new BranchSettings(failFast, retry, Duration.ofSeconds(30)), work, List.of(), RunLimits.NONE));
        Random random = new Random(count);
        RunInputs.write(files, IntStream.range(0, count).mapToObj(index -> branch(index, random.nextInt(40))));
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
                branch.put("url", server.url("/" + index));
                branch.put("method", isUnrepeatable(index) ? "POST" : "GET");
                branch.put("file", index + ".bin");
            }
            default -> throw new AssertionError(kind);
        }
        return branch;
    }

    private void serve(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        int index = Integer.parseInt(request.segment(0));
        if (fails(index)) {
            to.respond(404);
            return;
        }
        to.head(200, "Content-Length: " + BODY_BLOCKS * BLOCK);
        for (int block = 0; block < BODY_BLOCKS; block++) {
            to.send(body(index));
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static byte[] body(int index) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) index);
        return block;
    }

    /** How often each branch was done, as far as the world outside the run can tell. */
    int executions(int index) throws IOException {
        if (kind == Kind.FETCHES) {
            return (int) server.requestsFor("/" + index);
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
        server.close();
    }

    @Override
    public String toString() {
        return count + " " + kind + ", " + width + " at once" + (failFast ? ", fail-fast" : "");
    }
}
