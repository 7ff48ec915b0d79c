package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Servers that stall, or trickle, end as timeouts though nothing limits the whole attempt. */
public class FetchIdleTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    private Path base;

    @Before
    public void start() throws Exception {
        run.timeout = Duration.ZERO;
        run.idleAtMost(Duration.ofMillis(400));
        base = folder.getRoot().toPath();
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
    }

    @Test
    public void bodyThatStalls() throws Exception {
        stalls("/stall-in-body", "stalled after 512 of 1024 bytes: less than 1 KiB within 400 ms");
    }

    @Test
    public void bodyThatTrickles() throws Exception {
        server.on("trickle", (request, to) -> trickle(to.head(200, "Content-Length: 100000"), "x"));
        stalls("/trickle", "of 100000 bytes: less than 1 KiB within 400 ms");
    }

    @Test
    public void errorPageThatTrickles() throws Exception {
        server.on("trickle", (request, to) -> trickle(to.head(500, "Content-Length: 100000"), "x"));
        stalls("/trickle", "of 100000 bytes: less than 1 KiB within 400 ms");
    }

    @Test
    public void headThatStalls() throws Exception {
        server.on("head", (request, to) -> to.send("HTTP/1.1 200 OK\r\nContent-").awaitClose());
        stalls("/head", "stalled within the head of the response: less than 1 KiB within 400 ms");
    }

    @Test
    public void headThatTrickles() throws Exception {
        server.on("head", (request, to) -> trickle(to.send("HTTP/1.1 200 OK\r\nX-Slow: "), "y"));
        stalls("/head", "stalled within the head of the response");
    }

    @Test
    public void uploadThatNobodyReads() throws Exception {
        try (HttpTestServer deaf = HttpTestServer.raw(HttpTestServer.Connection::awaitRelease)) {
            FetchBranch branch = Branches.sending("POST", deaf.url("/"), Map.of(), "x".repeat(30_000_000));
            Outcome outcome = run.fetch(branch);
            assertEquals(ErrorType.TIMEOUT, outcome.error().type());
            assertTrue(outcome.error().message(), outcome.error().message().contains("stalled before the response"));
        }
    }

    @Test
    public void aServerThatThinksIsNotStalled() throws Exception {
        server.on("think", (request, to) -> to.awaitRelease().respond(200, "42"));
        var end = run.start(List.of(FetchBranch.of(0, server.url("/think")), FetchBranch.of(1, server.url("/stall-in-body"))));
        server.await("GET", "/think", 1);
        Await.until("the other one, which has had its time and more", () -> run.outcomes.containsKey(1));
        server.release();
        assertEquals(1, end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).succeeded());
        assertEquals("pages/think", run.outcomes.get(0).details().get(OutcomeDetail.PATH));
    }

    private static void trickle(HttpTestServer.Connection to, String drop) throws IOException {
        while (true) {
            to.send(drop);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void stalls(String path, String message) throws Exception {
        run.retry = new RetryPolicy(1, Duration.ZERO);
        Outcome outcome = run.fetch(server.url(path));
        assertEquals(String.valueOf(outcome.error()), ErrorType.TIMEOUT, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains(message));
        assertEquals("tried again", 2, outcome.attempts());
        try (Stream<Path> files = Files.walk(base)) {
            assertEquals("no file is left", List.of(), files.filter(Files::isRegularFile).toList());
        }
    }
}
