package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.process.Sha256;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A download that breaks goes on where it broke, if that is sure to make the same file. */
public class FetchResumeTest {

    private static final String CONTENT = IntStream.range(0, 20_000)
            .mapToObj(i -> i + " ")
            .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
            .toString();

    private static final String TAG = "ETag: \"v1\"";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final AtomicInteger calls = new AtomicInteger();
    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    private Path base;

    @Before
    public void start() throws Exception {
        run.retry = new RetryPolicy(3, Duration.ZERO);
        base = folder.getRoot().toPath();
        run.storeIn(new BodyStorage(base.toString(), null, 0));
    }

    @Test
    public void theRestIsFetchedAndTheWholeChecked() throws Exception {
        serve(TAG);
        Outcome outcome = fetch("'sha256':'" + sha256() + "'");
        whole(outcome);
        assertEquals(3, outcome.attempts());
        assertEquals(200, outcome.details().get(OutcomeDetail.STATUS));
        assertEquals(sha256(), outcome.details().get(OutcomeDetail.SHA256));
        assertEquals((long) CONTENT.length(), outcome.details().get(OutcomeDetail.BYTES));
        assertNull(server.requests.get(0).headers().get("range"));
        for (int i = 1; i < 3; i++) {
            Map<String, String> headers = server.requests.get(i).headers();
            assertTrue(headers.get("range"), headers.get("range").matches("bytes=[1-9][0-9]*-"));
            assertEquals("\"v1\"", headers.get("if-range"));
        }
    }

    @Test
    public void aRefusalThatIsNoAttemptLeavesWhatIsThere() throws Exception {
        run.retry = new RetryPolicy(1, Duration.ZERO);
        run.adaptive(TrafficSettings.MOST_OF_AUTO, 0);
        server.on("file", (request, to) -> {
            int start = start(request);
            String range = "Content-Range: bytes " + start + "-" + (CONTENT.length() - 1) + "/" + CONTENT.length();
            String length = "Content-Length: " + (CONTENT.length() - start);
            switch (calls.incrementAndGet()) {
                case 1 -> to.head(200, TAG, length).send(CONTENT.substring(0, 5_000)).hangUp();
                case 2 -> to.respond(429);
                default -> to.head(start == 0 ? 200 : 206, TAG, length, range).send(CONTENT.substring(start));
            }
        });
        whole(fetch(""));
        assertTrue("only the rest", server.requests.get(2).headers().containsKey("range"));
    }

    @Test
    public void anOldDateWillDoToo() throws Exception {
        String modified = "Last-Modified: Tue, 01 Oct 2024 10:00:00 GMT";
        serve(modified, "Date: Tue, 01 Oct 2024 10:00:05 GMT");
        whole(fetch(""));
        assertEquals("Tue, 01 Oct 2024 10:00:00 GMT", server.requests.get(1).headers().get("if-range"));
    }

    @Test
    public void whatIsNotSureToBeTheSameIsFetchedFromTheStart() throws Exception {
        for (String[] headers : new String[][] {
            {}, {"ETag: W/\"weak\""}, {TAG, "Accept-Ranges: none"},
            {"Last-Modified: Tue, 01 Oct 2024 10:00:00 GMT", "Date: Tue, 01 Oct 2024 10:00:00 GMT"},
            {"ETag: W/\"weak\"", "Last-Modified: Tue, 01 Oct 2024 10:00:00 GMT", "Date: Tue, 01 Oct 2024 11:00:00 GMT"},
            {TAG, "Last-Modified: Tue, 01 Oct 2024 10:00:00 GMT", "Date: Tue, 01 Oct 2024 10:00:01 GMT"}
        }) {
            server.requests.clear();
            calls.set(1);
            serve(headers);
            fetch("");
            assertTrue(server.requests.stream().allMatch(request -> request.headers().get("range") == null));
        }
        assertEquals(List.of("f"), files());
    }

    @Test
    public void aFileThatHasChangedIsFetchedAnew() throws Exception {
        server.on("file", (request, to) -> {
            if (calls.incrementAndGet() == 1) {
                to.head(200, TAG, "Content-Length: 1000").body(500).hangUp();
            } else {
                assertEquals("\"v1\"", request.headers().get("if-range"));
                to.respond(200, "text/plain", "new", "ETag: \"v2\"");
            }
        });
        Outcome outcome = fetch("");
        assertEquals(2, outcome.attempts());
        assertEquals("new", Files.readString(base.resolve("f")));
    }

    @Test
    public void serversThatAnswerSomethingElseAreAskedForTheWhole() throws Exception {
        String[][] answers = {
            {"206", "Content-Range: bytes 0-999/1000", TAG}, {"206", TAG},
            {"206", "Content-Range: bytes 500-999/1000", "ETag: \"v2\""},
            {"206", "Content-Range: bytes 500-599/1000", TAG}, {"206", "Content-Range: bytes 500-999/*", TAG},
            {"206", "Content-Range: bytes 500-1999/2000", TAG},
            {"206", "Content-Range: bytes 500-999/1000", "Content-Encoding: gzip"}, {"416", "Content-Range: bytes */1000"}
        };
        for (String[] answer : answers) {
            calls.set(0);
            server.on("file", (request, to) -> {
                switch (calls.incrementAndGet()) {
                    case 1 -> to.head(200, TAG, "Content-Length: 1000").body(500).hangUp();
                    case 2 -> {
                        String second = answer.length > 2 ? answer[2] : "X: y";
                        to.respond(Integer.parseInt(answer[0]), "text/plain", "z".repeat(500), answer[1], second);
                    }
                    default -> to.respond(200, "text/plain", "whole", TAG);
                }
            });
            Outcome outcome = fetch("");
            assertEquals(List.of(answer) + ": " + outcome.error(), OutcomeStatus.SUCCEEDED, outcome.status());
            assertEquals("within the same attempt", 2, outcome.attempts());
            assertEquals("whole", Files.readString(base.resolve("f")));
        }
    }

    @Test
    public void aServerThatLooksAtNoDateIsAskedForTheWhole() throws Exception {
        String date = "Date: Tue, 01 Oct 2024 12:00:00 GMT";
        server.on("file", (request, to) -> {
            switch (calls.incrementAndGet()) {
                case 1 -> to.head(200, "Last-Modified: Tue, 01 Oct 2024 10:00:00 GMT", date, "Content-Length: 1000")
                        .body(500)
                        .hangUp();
                case 2 -> to.respond(
                        206,
                        "text/plain",
                        "z".repeat(500),
                        "Content-Range: bytes 500-999/1000",
                        "Last-Modified: Tue, 01 Oct 2024 11:00:00 GMT",
                        date);
                default -> to.respond(200, "text/plain", "whole", date);
            }
        });
        Outcome outcome = fetch("");
        assertEquals(OutcomeStatus.SUCCEEDED, outcome.status());
        assertEquals("whole", Files.readString(base.resolve("f")));
    }

    @Test
    public void anErrorInBetweenLosesNothing() throws Exception {
        server.on("file", (request, to) -> {
            switch (calls.incrementAndGet()) {
                case 1 -> to.head(200, TAG, "Content-Length: 1000").body(500).hangUp();
                case 2 -> to.respond(503, "text/plain", "later");
                case 3 -> to.hangUp();
                default -> {
                    assertEquals("bytes=500-", request.headers().get("range"));
                    to.head(206, TAG, "Content-Range: bytes 500-999/1000", "Content-Length: 500").body(500);
                }
            }
        });
        Outcome outcome = fetch("");
        assertEquals(OutcomeStatus.SUCCEEDED, outcome.status());
        assertEquals(4, calls.get());
        assertEquals("x".repeat(1000), Files.readString(base.resolve("f")));
    }

    @Test
    public void limitsHoldForTheWhole() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), null, 900));
        server.on("file", (request, to) -> {
            if (calls.incrementAndGet() == 1) {
                to.head(200, TAG).body(500).reset();
            } else {
                to.head(206, TAG, "Content-Range: bytes 500-999/1000", "Content-Length: 500").body(500);
            }
        });
        assertEquals(ErrorType.TOO_LARGE, fetch("").error().type());
        assertEquals(List.of(), files());
    }

    @Test
    public void nothingIsLeftWhenNobodyTriesAgain() throws Exception {
        server.on("file", (request, to) -> to.head(200, TAG, "Content-Length: 1000").body(500).hangUp());
        run.retry = RetryPolicy.none();
        assertEquals(ErrorType.CONNECT, fetch("").error().type());
        assertEquals(List.of(), files());
        run.retry = new RetryPolicy(2, Duration.ZERO);
        assertEquals(3, fetch("").attempts());
        assertEquals(List.of(), files());
    }

    @Test
    public void nothingIsLeftWhenTheRunIsCancelledInBetween() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        server.on("file", (request, to) -> {
            to.head(200, TAG, "Content-Length: 1000").body(500).hangUp();
            broken.countDown();
        });
        run.retry = new RetryPolicy(5, Duration.ofHours(10));
        var end = run.start(List.of(Branches.json("{'url':'" + server.url("/file") + "','file':'f'}")));
        assertTrue(broken.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        run.scheduler.cancel("enough");
        assertEquals(1, end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).total());
        assertEquals(List.of(), files());
    }

    @Test
    public void aTimeLimitIsMetByGoingOn() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.on("file", (request, to) -> {
            int start = start(request);
            to.head(start == 0 ? 200 : 206, TAG, "Content-Length: " + (1000 - start), "Content-Range: bytes " + start
                    + "-999/1000");
            if (start < 400) {
                to.body(200).awaitClose();
            } else {
                to.body(1000 - start);
                over.countDown();
            }
        });
        run.timeout = Duration.ofMillis(1_500);
        Outcome outcome = fetch("");
        assertEquals(String.valueOf(outcome.error()), 3, outcome.attempts());
        assertEquals("x".repeat(1000), Files.readString(base.resolve("f")));
    }

    /** As a server does that packs, under one tag, the whole or the part that it is asked for. */
    @Test
    public void whatIsPackedOnItsWayIsNotGoneOnWith() throws Exception {
        String coding = "Content-Encoding: gzip";
        server.on("file", (request, to) -> {
            if (calls.incrementAndGet() == 1) {
                to.head(200, TAG, coding, "Transfer-Encoding: chunked").send("5\r\nwhole\r\n").hangUp();
            } else if (request.headers().get("range") != null) {
                to.head(206, TAG, coding, "Content-Range: bytes 5-9/10", "Transfer-Encoding: chunked")
                        .send("5\r\nparts\r\n0\r\n\r\n");
            } else {
                to.head(200, TAG, coding, "Content-Length: 11").send("whole again");
            }
        });
        Outcome outcome = fetch("'headers':{'Accept-Encoding':'gzip'}");
        assertEquals(String.valueOf(outcome.error()), 2, outcome.attempts());
        assertEquals("whole again", Files.readString(base.resolve("f")));
    }

    @Test
    public void aRestThatIsNoRestIsGivenUpWithItsBeginning() throws Exception {
        String[][] answers = {
            {"Content-Encoding: gzip", "Content-Length: 500", "x".repeat(500)},
            {"X-Shorter: than it says", "Content-Length: 100", "x".repeat(100)},
            {"X-Shorter: than it says", "Transfer-Encoding: chunked", "4\r\nrest\r\n0\r\n\r\n"},
        };
        for (String[] answer : answers) {
            calls.set(0);
            server.on("file", (request, to) -> {
                if (calls.incrementAndGet() == 1) {
                    to.head(200, TAG, "Content-Length: 1000").body(500).hangUp();
                } else if (request.headers().get("range") == null) {
                    to.respond(200, "text/plain", "whole", TAG);
                } else {
                    assertEquals("identity", request.headers().get("accept-encoding"));
                    to.head(206, TAG, "Content-Range: bytes 500-999/1000", answer[0], answer[1]).send(answer[2]);
                }
            });
            Outcome outcome = fetch("");
            assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
            assertEquals("whole", Files.readString(base.resolve("f")));
            assertEquals(3, calls.get());
        }
    }

    /** Each answer breaks a third of the way, the third one not. */
    private void serve(String... headers) {
        server.on("file", (request, to) -> {
            int start = start(request);
            String rest = CONTENT.substring(start);
            int sent = calls.incrementAndGet() < 3 ? rest.length() / 3 : rest.length();
            String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "Content-Length: " + rest.length();
            all[headers.length + 1] =
                    "Content-Range: bytes " + start + "-" + (CONTENT.length() - 1) + "/" + CONTENT.length();
            to.head(start == 0 ? 200 : 206, all).send(rest.substring(0, sent));
            if (sent < rest.length()) {
                to.hangUp();
            }
        });
    }

    private static int start(HttpTestServer.Request request) {
        String range = request.headers().get("range");
        return range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }

    private Outcome fetch(String more) throws Exception {
        return run.fetch(Branches.json(
                "{'url':'" + server.url("/file") + "','file':'f'" + (more.isEmpty() ? "" : "," + more) + "}"));
    }

    private void whole(Outcome outcome) throws IOException {
        assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
        assertEquals(CONTENT, Files.readString(base.resolve("f")));
        assertEquals(List.of("f"), files());
    }

    private static String sha256() {
        Sha256 hash = new Sha256();
        hash.update(ByteBuffer.wrap(CONTENT.getBytes(StandardCharsets.UTF_8)));
        return hash.hex();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(base)) {
            List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
            Files.deleteIfExists(base.resolve("f"));
            return names;
        }
    }
}
