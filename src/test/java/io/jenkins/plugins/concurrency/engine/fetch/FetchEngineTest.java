package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.body.TextBudget;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodyCharset;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.http.BodySpec;
import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.fetch.http.StatusRanges;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySettings;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.json.RecordCodec;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.FullBacklog;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FetchEngineTest {

    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    private Path base;

    @Before
    public void start() {
        base = folder.getRoot().toPath();
    }

    @Test
    public void textComesBack() throws Exception {
        server.on("hello", (request, to) -> to.respond(200, "text/plain", "hé", "X-Twice: a", "X-Twice: b"));
        Map<String, Object> details = succeeded(run.fetch(server.url("/hello")));
        assertEquals("hé", details.get(OutcomeDetail.BODY));
        assertEquals(3L, details.get(OutcomeDetail.BYTES));
        assertEquals(200, details.get(OutcomeDetail.STATUS));
        assertEquals(server.url("/hello"), details.get(OutcomeDetail.URL));
        assertEquals("a, b", ((Map<?, ?>) details.get(OutcomeDetail.HEADERS)).get("x-twice"));
        assertNull(details.get(OutcomeDetail.PATH));
    }

    @Test
    public void charsetsAreReadAsServersNameThem() throws Exception {
        String[] types = {
            "charset='iso-8859-1'", "charset = iso-8859-1", "charset=latin-1", "x-charset=utf-8; Charset=iso-8859-1",
            "a=\"; charset=utf-8\"; charset=iso-8859-1", "charset=x-cp1252", "charset=8859-1;", "charset=win-1252"
        };
        for (String type : types) {
            server.on("umlaut", (request, to) ->
                    to.head(200, "Content-Type: text/plain; " + type, "Content-Length: 1").send(new byte[] {(byte) 0xfc}));
            assertEquals(type, "\u00fc", run.fetch(server.url("/umlaut")).details().get(OutcomeDetail.BODY));
        }
        for (String charset : List.of("utf-8", "utf-16le", "utf-16be", "utf-16", "gb18030")) {
            byte[] body = "\uFEFF\u00fc".getBytes(charset.equals("utf-16") ? "utf-16be" : charset);
            for (int status : new int[] {200, 500}) {
                server.on("mark", (request, to) -> to.head(
                                status, "Content-Type: text/plain; charset=" + charset, "Content-Length: " + body.length)
                        .send(body));
                assertEquals(charset, "\u00fc", run.fetch(server.url("/mark")).details().get(OutcomeDetail.BODY));
            }
        }
        assertEquals("GB18030", BodyCharset.of("text/html; charset=gb2312").name());
        assertEquals("UTF-8", BodyCharset.of("text/html; charset=klingon").name());
    }

    @Test
    public void linesWithCommasOfTheirOwnStayLines() throws Exception {
        server.on("lines", (request, to) -> to.respond(200, "text/plain", "",
                "Set-Cookie: a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT", "Set-Cookie: b=2", "Vary: a", "Vary: b"));
        Map<?, ?> headers = (Map<?, ?>) run.fetch(server.url("/lines")).details().get(OutcomeDetail.HEADERS);
        assertEquals("a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT\nb=2", headers.get("set-cookie"));
        assertEquals("a, b", headers.get("vary"));
    }

    @Test
    public void charsetIsHonouredAndWhatItCannotDecodeReplaced() throws Exception {
        server.on("latin", (request, to) ->
                to.head(200, "Content-Type: text/plain; charset=\"ISO-8859-1\"", "Content-Length: 2").send("é"));
        server.on("broken", (request, to) ->
                to.respond(200, "text/plain; charset=US-ASCII", "é"));
        server.on("bom", (request, to) -> to.respond(200, "application/json", "\uFEFF{}"));
        assertEquals("Ã©", succeeded(run.fetch(server.url("/latin"))).get(OutcomeDetail.BODY));
        assertEquals("\uFFFD\uFFFD", succeeded(run.fetch(server.url("/broken"))).get(OutcomeDetail.BODY));
        assertEquals("{}", succeeded(run.fetch(server.url("/bom"))).get(OutcomeDetail.BODY));
    }

    @Test
    public void textOfExactlyTheLimitComesBack() throws Exception {
        Map<String, Object> details = succeeded(run.fetch(server.url("/ok/" + BodyStorage.MAX_TEXT)));
        assertEquals(BodyStorage.MAX_TEXT, details.get(OutcomeDetail.BODY).toString().length());
    }

    @Test
    public void fileIsWritten() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages/new", 0));
        Map<String, Object> details = succeeded(run.fetch(server.url("/ok/3000000")));
        assertEquals("pages/new/3000000", details.get(OutcomeDetail.PATH));
        assertEquals(3_000_000L, details.get(OutcomeDetail.BYTES));
        assertNull(details.get(OutcomeDetail.BODY));
        assertEquals("x".repeat(3_000_000), Files.readString(base.resolve("pages/new/3000000")));
        assertEquals(List.of("3000000"), names(base.resolve("pages/new")));
    }

    @Test
    public void fileIsReplaced() throws Exception {
        Files.writeString(base.resolve("page"), "old and longer than the new one");
        run.storeIn(new BodyStorage(base.toString(), null, 0));
        succeeded(run.fetch(Branches.json("{'url':'" + server.url("/ok/3") + "','file':'page'}")));
        assertEquals("xxx", Files.readString(base.resolve("page")));
    }

    @Test
    public void emptyBodyIsAnEmptyFile() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        Map<String, Object> details = succeeded(run.fetch(server.url("/ok/0")));
        assertEquals(EMPTY_SHA256, details.get(OutcomeDetail.SHA256));
        assertEquals(0, Files.size(base.resolve("pages/0")));
    }

    @Test
    public void responsesWithoutBodyLeaveNoFile() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        server.on("none", (request, to) -> to.head(204));
        assertNull(succeeded(run.fetch(server.url("/none"))).get(OutcomeDetail.PATH));
        server.on("headless", (request, to) -> to.head(200, "Content-Length: 12345678"));
        Map<String, Object> head =
                succeeded(run.fetch(Branches.json("{'url':'" + server.url("/headless") + "','method':'HEAD'}")));
        assertEquals(0L, head.get(OutcomeDetail.BYTES));
        assertEquals("12345678", ((Map<?, ?>) head.get(OutcomeDetail.HEADERS)).get("content-length"));
        assertFalse(Files.exists(base.resolve("pages")));
    }

    @Test
    public void headsMayBeLong() throws Exception {
        String[] many = IntStream.range(0, 2_000).mapToObj(i -> "X-H" + i + ": " + i).toArray(String[]::new);
        server.on("many", (request, to) -> to.respond(200, "text/plain", "many", many));
        server.on("long", (request, to) -> to.respond(200, "text/plain", "long", "X-Long: " + "y".repeat(200_000)));
        for (String name : List.of("many", "long")) {
            assertEquals(name, succeeded(run.fetch(server.url("/" + name))).get(OutcomeDetail.BODY));
        }
    }

    @Test
    public void bodyIsSent() throws Exception {
        String body = "ä".repeat(200_000);
        FetchBranch branch = Branches.sending("POST", server.url("/echo?x=1"), Map.of("X-My", "1"), body);
        assertEquals("POST /echo?x=1\n" + body, succeeded(run.fetch(branch)).get(OutcomeDetail.BODY));
        HttpTestServer.Request request = server.requests.get(0);
        assertEquals("1", request.headers().get("x-my"));
        assertEquals("text/plain; charset=UTF-8", request.headers().get("content-type"));
        assertEquals("127.0.0.1:" + server.port(), request.headers().get("host"));
    }

    @Test
    public void bodyFileIsSent() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), null, 0));
        Files.writeString(base.resolve("upload"), "0123456789".repeat(50_000));
        FetchBranch branch = Branches.json("{'url':'" + server.url("/echo")
                + "','method':'PUT','bodyFile':'upload','headers':{'Content-Type':'a/b'}}");
        assertEquals("PUT /echo\n" + "0123456789".repeat(50_000), succeeded(run.fetch(branch)).get(OutcomeDetail.BODY));
        assertEquals("a/b", server.requests.get(0).headers().get("content-type"));
    }

    @Test
    public void earlyResponseToALargeBodyIsTheResponse() throws Exception {
        HttpTestServer.Raw answer = to -> {
            to.respond(413, "too much");
            to.awaitClose();
        };
        try (HttpTestServer deaf = HttpTestServer.raw(answer)) {
            FetchBranch branch = Branches.sending("POST", deaf.url("/"), Map.of(), "x".repeat(20_000_000));
            Outcome outcome = run.fetch(branch);
            assertEquals("HTTP 413 Request Too Long", outcome.error().message());
            assertEquals("too much", outcome.details().get(OutcomeDetail.BODY));
        }
    }

    @Test
    public void unwantedStatusShowsTheBeginningOfTheBodyAndLeavesNoFile() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        server.on("fault", (request, to) -> to.respond(500, "text/plain", "y".repeat(10_000), "X-Why: because"));
        Outcome outcome = run.fetch(server.url("/fault"));
        assertEquals(ErrorType.STATUS, outcome.error().type());
        assertEquals("HTTP 500 Internal Server Error", outcome.error().message());
        assertEquals("y".repeat(4096) + "…", outcome.details().get(OutcomeDetail.BODY));
        assertEquals("because", ((Map<?, ?>) outcome.details().get(OutcomeDetail.HEADERS)).get("x-why"));
        assertFalse(Files.exists(base.resolve("pages")));
    }

    @Test
    public void validStatusDecides() throws Exception {
        String url = server.url("/status/404");
        assertEquals("sorry", succeeded(run.fetch(Branches.json("{'url':'" + url + "','validStatus':'200,404'}")))
                .get(OutcomeDetail.BODY));
        Outcome invalid = run.fetch(Branches.json("{'url':'" + url + "','validStatus':'2xx'}"));
        assertEquals(ErrorType.INVALID, invalid.error().type());
        assertTrue(invalid.error().message().contains("'2xx'"));
    }

    @Test
    public void checksumIsChecked() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        run.retry = new RetryPolicy(2, Duration.ZERO);
        Outcome wrong =
                run.fetch(Branches.json("{'url':'" + server.url("/ok/5") + "','sha256':'" + EMPTY_SHA256 + "'}"));
        assertEquals(ErrorType.CHECKSUM, wrong.error().type());
        assertEquals(3, wrong.attempts());
        assertEquals(List.of(), names(base.resolve("pages")));
        succeeded(run.fetch(Branches.json(
                "{'url':'" + server.url("/ok/0") + "','sha256':'" + EMPTY_SHA256.toUpperCase() + "'}")));
    }

    @Test
    public void maxBytesIsCheckedBeforeAndWhileTheBodyArrives() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 1000));
        succeeded(run.fetch(server.url("/ok/1000")));
        Outcome announced = run.fetch(server.url("/ok/1001"));
        assertEquals(ErrorType.TOO_LARGE, announced.error().type());
        assertTrue(announced.error().message(), announced.error().message().contains("larger than 1000 bytes"));
        Outcome streamed = run.fetch(server.url("/endless-body"));
        assertEquals(ErrorType.TOO_LARGE, streamed.error().type());
        assertEquals(List.of("1000"), names(base.resolve("pages")));
    }

    @Test
    public void retryAfterIsWaitedFor() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        server.on("busy", (request, to) -> {
            if (calls.incrementAndGet() == 1) {
                to.respond(503, "text/plain", "later", "Retry-After: 1");
            } else {
                to.respond(200, "text/plain", "now");
            }
        });
        run.retry = new RetryPolicy(1, Duration.ZERO);
        Outcome outcome = run.fetch(server.url("/busy"));
        assertEquals("now", succeeded(outcome).get(OutcomeDetail.BODY));
        assertTrue("waited " + outcome.durationMillis() + " ms", outcome.durationMillis() >= 1_000);
    }

    @Test
    public void refusedAndUnknown() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Outcome refused = run.fetch("http://127.0.0.1:" + port + "/");
        assertEquals(ErrorType.CONNECT, refused.error().type());
        assertEquals("connection to 127.0.0.1:" + port + " refused", refused.error().message());
        Outcome unknown = run.fetch("http://no-such-host.invalid/");
        assertEquals(ErrorType.CONNECT, unknown.error().type());
        assertEquals("unknown host 'no-such-host.invalid'", unknown.error().message());
    }

    @Test
    public void connectTimeout() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FullBacklog waiting = new FullBacklog(deaf)) {
            run.connectWithin(Duration.ofMillis(300));
            run.timeout = Duration.ofSeconds(Await.PATIENCE_SECONDS);
            Outcome outcome = run.fetch("http://127.0.0.1:" + deaf.getLocalPort() + "/");
            assertEquals(ErrorType.TIMEOUT, outcome.error().type());
            assertEquals(
                    "no connection to 127.0.0.1:" + deaf.getLocalPort() + " within 300 ms", outcome.error().message());
        }
    }

    @Test
    public void stalledServerEndsInTimeoutAndLeavesNothing() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        run.timeout = Duration.ofMillis(400);
        run.run(List.of(
                FetchBranch.of(0, server.url("/stall-before")), FetchBranch.of(1, server.url("/stall-in-body"))));
        for (Outcome outcome : run.outcomes.values()) {
            assertEquals(ErrorType.TIMEOUT, outcome.error().type());
            assertTrue("took " + outcome.durationMillis() + " ms", outcome.durationMillis() < 5_000);
        }
        try (java.util.stream.Stream<Path> all = Files.walk(base)) {
            assertEquals(List.of(), all.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    public void cancelClosesConnectionsAndRemovesFiles() throws Exception {
        CountDownLatch bodies = new CountDownLatch(20);
        CountDownLatch closed = new CountDownLatch(20);
        server.on("slow", (request, to) -> {
            to.head(200, "Content-Length: 1000").body(500);
            bodies.countDown();
            try {
                to.awaitClose();
            } finally {
                closed.countDown();
            }
        });
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        CompletionStage<OutcomeCounts> end =
                run.start(IntStream.range(0, 30).mapToObj(i -> FetchBranch.of(i, server.url("/slow/" + i))).toList());
        assertTrue(bodies.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        run.scheduler.cancel("enough");
        assertEquals(30, end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).cancelled());
        assertEquals(List.of(), names(base.resolve("pages")));
        assertTrue("connections are closed", closed.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    public void branchesThatMakeNoSenseFailAlone() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), null, 0));
        run.retry = new RetryPolicy(3, Duration.ZERO);
        String url = server.url("/ok/1");
        String[] invalid = {
            "{'url':'not a url'}", "{'url':'ftp://example.org/'}", "{'url':'http:///path'}",
            "{'url':'file:/etc/passwd'}",
            "{'url':'http://user:secret@127.0.0.1/'}", "{'url':'http://127.0.0.1:99999/'}",
            "{'url':'http://127.0.0.1/a\\r\\nX: y'}", "{'url':'" + url + "','method':'GET /x'}",
            "{'url':'" + url + "','headers':{'X-A':'a\\r\\nX-B: b'}}", "{'url':'" + url + "','headers':{'X A':'a'}}",
            "{'url':'" + url + "','headers':{'Content-Length':'5'}}", "{'url':'" + url + "','file':'../x'}",
            "{'url':'" + url + "','file':'/tmp/x'}", "{'url':'" + url + "','file':'C:\\\\x'}",
            "{'url':'" + url + "','bodyFile':'missing'}", "{'url':'" + url + "','sha256':'abc'}",
            "{'url':'" + url + "','body':'a','bodyFile':'b'}"
        };
        for (String json : invalid) {
            Outcome outcome = run.fetch(Branches.json(json));
            assertEquals(json, ErrorType.INVALID, outcome.error().type());
            assertEquals(json, 1, outcome.attempts());
            assertEquals(json, -1, outcome.error().message().indexOf('\n'));
            assertFalse(json, outcome.error().message().contains("secret"));
        }
        assertEquals(0, server.requests.size());
    }

    @Test
    public void linksDoNotLeadOut() throws Exception {
        Path workspace = Files.createDirectory(base.resolve("workspace"));
        Path outside = Files.createDirectory(base.resolve("outside"));
        Files.createSymbolicLink(workspace.resolve("link"), outside);
        Files.createSymbolicLink(workspace.resolve("dangling"), outside.resolve("new"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(workspace.resolve("stolen"), outside.resolve("secret"));
        Files.createSymbolicLink(workspace.resolve("page"), outside.resolve("secret"));
        run.storeIn(new BodyStorage(workspace.toString(), null, 0));
        String url = server.url("/ok/1");
        for (String place : List.of("'file':'link/x'", "'file':'link/deeper/x'", "'bodyFile':'stolen'")) {
            Outcome outcome = run.fetch(Branches.json("{'url':'" + url + "'," + place + "}"));
            assertEquals(place, ErrorType.INVALID, outcome.error().type());
        }
        assertFalse(run.fetch(Branches.json("{'url':'" + url + "','file':'dangling/x'}")).status() == OutcomeStatus.SUCCEEDED);
        succeeded(run.fetch(Branches.json("{'url':'" + url + "','file':'page'}")));
        assertEquals("a link is replaced, not followed", "secret", Files.readString(outside.resolve("secret")));
        assertEquals(List.of("secret"), names(outside));
    }

    @Test
    public void linksThatAreMadeMeanwhileDoNotLeadOut() throws Exception {
        Path workspace = Files.createDirectory(base.resolve("workspace"));
        Path outside = Files.createDirectory(base.resolve("outside"));
        run.storeIn(new BodyStorage(workspace.toString(), "pages/deep", 0));
        server.on("swap", (request, to) -> {
            Files.move(workspace.resolve("pages"), workspace.resolve("old"));
            Files.createDirectories(outside.resolve("deep"));
            Files.createSymbolicLink(workspace.resolve("pages"), outside);
            to.respond(200, "text/plain", "stolen");
        });
        run.limit(1, 0);
        run.run(List.of(
                FetchBranch.of(0, server.url("/ok/1")),
                FetchBranch.of(1, server.url("/ok/2")),
                FetchBranch.of(2, server.url("/swap"))));
        Outcome outcome = run.outcomes.get(2);
        assertEquals(ErrorType.ERROR, outcome.error().type());
        assertEquals("can't write 'pages/deep/swap': its directory is outside the workspace", outcome.error().message());
        assertEquals(List.of(), names(outside.resolve("deep")));
        assertEquals(List.of("1", "2"), names(workspace.resolve("old/deep")));
    }

    @Test
    public void whatStandsInThePlaceOfTheTemporaryFileIsNotWrittenTo() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), "pages", 0));
        Path secret = Files.writeString(base.resolve("secret"), "secret");
        Files.createDirectory(base.resolve("pages"));
        Files.createSymbolicLink(base.resolve("pages/.test-0.part"), secret);
        succeeded(run.fetch(server.url("/ok/3")));
        assertEquals("secret", Files.readString(secret));
        assertEquals(List.of("3"), names(base.resolve("pages")));
        assertFalse(Files.isSymbolicLink(base.resolve("pages/3")));
    }

    @Test
    public void largeTextsTakeTurnsWhereMemoryIsShort() throws Exception {
        try (FetchRun tight = new FetchRun(new HttpReactor(NameLookup.SYSTEM, Tls.ofJvm(), BodyStorage.MAX_TEXT))) {
            tight.idleAtMost(Duration.ofSeconds(60));
            server.on("chunked", (request, to) -> {
                to.head(200, "Transfer-Encoding: chunked");
                for (int i = 0; i < 9; i++) {
                    to.send("186a0\r\n").body(100_000).send("\r\n");
                }
                to.send("0\r\n\r\n");
            });
            tight.run(IntStream.range(0, 60)
                    .mapToObj(i -> FetchBranch.of(i, server.url(i % 3 == 0 ? "/chunked" : i % 3 == 1 ? "/ok/1000000" : "/ok/9")))
                    .toList());
            for (Outcome outcome : tight.outcomes.values()) {
                Object[] sizes = {900_000L, 1_000_000L, 9L};
                assertEquals(sizes[outcome.index() % 3], succeeded(outcome).get(OutcomeDetail.BYTES));
            }
        }
    }

    @Test
    public void aLargeTextWaitsForMemoryAndSmallOnesDoNot() throws Exception {
        HttpReactor reactor = new HttpReactor(NameLookup.SYSTEM, Tls.ofJvm(), BodyStorage.MAX_TEXT);
        try (FetchRun tight = new FetchRun(reactor)) {
            TextBudget.Claim all = reactor.textMemory().share(FetchRun.RUN.owner()).claim(BodyStorage.MAX_TEXT, () -> {});
            CountDownLatch small = new CountDownLatch(50);
            server.on("small", (request, to) -> {
                to.respond(200, "text/plain", "s");
                small.countDown();
            });
            tight.limit(2, 0);
            CompletionStage<OutcomeCounts> end = tight.start(IntStream.range(0, 51)
                    .mapToObj(i -> FetchBranch.of(i, server.url(i == 0 ? "/ok/1000000" : "/small")))
                    .toList());
            assertTrue(small.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertFalse("still waits", tight.outcomes.containsKey(0));
            all.release();
            assertEquals(51, end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).succeeded());
            assertEquals(1_000_000L, tight.outcomes.get(0).details().get(OutcomeDetail.BYTES));
        }
    }

    @Test
    public void fileThatCannotBeWrittenIsAnError() throws Exception {
        run.storeIn(new BodyStorage(base.toString(), null, 0));
        Files.writeString(base.resolve("taken"), "");
        Files.createDirectories(base.resolve("directory/child"));
        for (String file : List.of("taken/page", "directory")) {
            Outcome outcome = run.fetch(Branches.json("{'url':'" + server.url("/ok/1") + "','file':'" + file + "'}"));
            assertEquals(ErrorType.ERROR, outcome.error().type());
            assertTrue(outcome.error().message(), outcome.error().message().startsWith("can't write '" + file + "': "));
        }
        assertEquals(List.of("directory", "taken"), names(base));
    }

    @Test
    public void filesNeedAWorkspace() throws Exception {
        Outcome outcome = run.fetch(Branches.json("{'url':'" + server.url("/ok/1") + "','file':'x'}"));
        assertEquals(ErrorType.INVALID, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains("inside 'node'"));
    }

    @Test
    public void groupIsTheOrigin() throws Exception {
        try (HttpReactor reactor = new HttpReactor()) {
            FetchEngine engine = new FetchEngine(reactor, FetchSettings.standard(new BodyStorage(null, null, 0)), FetchRun.RUN);
            assertEquals("http://example.org:80", engine.groupOf(FetchBranch.of(0, "HTTP://Example.ORG/a?b")));
            assertEquals("https://example.org:8443", engine.groupOf(FetchBranch.of(0, "https://example.org:8443")));
            assertNull(engine.groupOf(FetchBranch.of(0, "nonsense")));
        }
    }

    @Test
    public void settingsAndBranchesSurviveJson() throws Exception {
        FetchSettings settings = new FetchSettings(
                new TrafficSettings(5, 2, 0.5),
                new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(4)),
                new RequestDefaults(
                        "POST",
                        Map.of("q", List.of("1", "2")),
                        Map.of("A", "b", "C", List.of("d", "e")),
                        new BodySpec(BodySpec.Kind.MULTIPART, Map.of("f", Map.of("file", "g"))),
                        StatusRanges.parse("200,304"),
                        null,
                        "mine",
                        true),
                RedirectSettings.NEVER,
                new BodyStorage(base.toString(), "x", 7),
                new NetworkSettings(
                        new DestinationSettings(true, List.of("*.a"), List.of("10.0.0.0/8")),
                        new ProxySettings("proxy", 3128, "me", List.of(".*\\.local")),
                        true,
                        true),
                List.of(new CredentialReference("mine", CredentialReference.Kind.BEARER, false)));
        JsonObject json = JsonObject.parse(Json.write(RecordCodec.encode(settings)));
        assertEquals(settings, RecordCodec.decode(FetchSettings.class, json));
        FetchBranch branch = new FetchBranch(
                0, "n", "http://a/", Map.of("q", "1"), "PUT", Map.of("A", List.of("b", "c")),
                new BodySpec(BodySpec.Kind.JSON, List.of(1, "c")), "e", "f", "200", "i+", "g", "h");
        assertEquals(branch, FetchBranch.fromJson(0, JsonObject.parse(Json.write(branch.toJson()))));
        assertEquals("http://a/", Branches.json("{'url':'http://a/'}").name());
    }

    private static Map<String, Object> succeeded(Outcome outcome) {
        assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
        return outcome.details();
    }

    private static List<String> names(Path directory) throws Exception {
        try (java.util.stream.Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
