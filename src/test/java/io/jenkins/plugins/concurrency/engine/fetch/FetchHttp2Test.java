package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.HttpExchange;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** HTTP/2 servers on bad days. */
public class FetchHttp2Test {

    @ClassRule
    public static final TemporaryFolder CERTIFICATES = new TemporaryFolder();

    private static final int WINDOW_UPDATE = 8;

    private static TestCertificates certificates;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private MisbehavingHttp2Server server;
    private FetchRun run;

    @BeforeClass
    public static void makeCertificates() throws Exception {
        certificates = new TestCertificates(
                CERTIFICATES.getRoot().toPath(), "-ext", "SAN=IP:127.0.0.1", "-validity", "2");
    }

    @Before
    public void start() throws Exception {
        run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, Tls.trusting(certificates.trust())));
        run.storeIn(new BodyStorage(folder.getRoot().toString(), "pages", 0));
    }

    @After
    public void stop() throws Exception {
        run.close();
        server.close();
        try (Stream<Path> files = Files.walk(folder.getRoot().toPath())) {
            assertEquals(
                    "no file is left half written",
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".part")).toList());
        }
    }

    @Test
    public void manyShareOneConnectionWithinTheServersLimit() throws Exception {
        Set<Integer> open = ConcurrentHashMap.newKeySet();
        serve(7, (to, stream, number) -> {
            open.add(stream);
            if (open.size() > 7) {
                to.goAway(0, 1);
            }
            open.remove(stream);
            to.respond(stream, "fine");
        });
        assertEquals(300, run.run(branches(300)).succeeded());
        assertEquals(1, server.connections.get());
    }

    @Test
    public void bytesBeyondAsciiInALocationAreUtf8() throws Exception {
        byte[] path = "/caf\u00e9".getBytes(StandardCharsets.UTF_8);
        byte[] redirect = ByteBuffer.allocate(8 + path.length)
                .put(new byte[] {0x08, 3, '3', '0', '2', 0x0f, 31, (byte) path.length}) // :status, location
                .put(path)
                .array();
        serve(7, (to, stream, number) -> {
            if (number == 1) {
                to.frame(
                        MisbehavingHttp2Server.HEADERS,
                        MisbehavingHttp2Server.END_HEADERS | MisbehavingHttp2Server.END_STREAM,
                        stream,
                        redirect);
            } else {
                to.respond(stream, "fine");
            }
        });
        Outcome outcome = run.fetch(server.url());
        assertEquals(server.url() + "caf%C3%A9", outcome.details().get(OutcomeDetail.URL));
    }

    @Test
    public void whatAServerThatGoesAwayHasNotLookedAtIsAskedForAgain() throws Exception {
        serve(100, (to, stream, number) -> {
            if (number < 10) {
                to.respond(stream, "fine");
            } else if (number == 10) {
                // of those under way none is looked at any more
                to.goAway(stream - 2, 0);
            }
        });
        OutcomeCounts tally = run.run(branches(200));
        assertEquals(run.outcomes.toString(), 200, tally.succeeded());
        assertTrue(run.outcomes.values().stream().allMatch(outcome -> outcome.attempts() == 1));
        assertTrue("connections: " + server.connections, server.connections.get() > 10);
    }

    @Test
    public void whatWasLookedAtStillComes() throws Exception {
        serve(100, (to, stream, number) -> {
            if (number == 1) {
                to.goAway(stream, 0).respond(stream, "fine");
            } else {
                to.respond(stream, "fine");
            }
        });
        assertEquals(50, run.run(branches(50)).succeeded());
    }

    @Test
    public void aRequestThatIsNotSafeToRepeatIsSentAgainOnlyIfNobodyLookedAtIt() throws Exception {
        serve(100, (to, stream, number) -> {
            if (server.requests.get() == 1) {
                to.reset(stream, 7); // REFUSED_STREAM
            } else {
                to.reset(stream, 2); // INTERNAL_ERROR
            }
        });
        Outcome outcome = run.fetch(Branches.sending("POST", server.url(), java.util.Map.of(), "x"));
        assertEquals(2, server.requests.get());
        assertEquals(ErrorType.CONNECT, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains("ended the stream before the response"));
    }

    @Test
    public void aServerThatRefusesForEverIsLeft() throws Exception {
        serve(100, (to, stream, number) -> to.reset(stream, 7));
        assertEquals(ErrorType.CONNECT, run.fetch(server.url()).error().type());
        assertTrue("asked " + server.requests, server.requests.get() < 20);
    }

    @Test
    public void streamsThatAreResetDoNotHarmOthers() throws Exception {
        serve(100, (to, stream, number) -> {
            if (number % 3 == 0) {
                to.frame(MisbehavingHttp2Server.HEADERS, 4, stream, MisbehavingHttp2Server.OK);
                to.frame(MisbehavingHttp2Server.DATA, 0, stream, new byte[100]).reset(stream, 2);
            } else {
                to.respond(stream, "fine");
            }
        });
        OutcomeCounts tally = run.run(branches(90));
        assertEquals(60, tally.succeeded());
        assertEquals(30, tally.failed());
        assertTrue(run.outcomes.values().stream()
                .allMatch(outcome -> outcome.error() == null || outcome.error().type() == ErrorType.CONNECT));
        assertEquals(1, server.connections.get());
    }

    @Test
    public void connectionsThatBreakFailTheirStreamsOrAreReplaced() throws Exception {
        serve(100, (to, stream, number) -> {
            if (number == 20) {
                to.hangUp();
            } else {
                to.respond(stream, "fine");
            }
        });
        run.retry = new RetryPolicy(5, Duration.ZERO);
        OutcomeCounts tally = run.run(branches(200));
        assertEquals(run.outcomes.toString(), 200, tally.succeeded());
    }

    @Test
    public void breachesOfTheProtocolAreTheServers() throws Exception {
        MisbehavingHttp2Server.Behaviour[] breaches = {
            // data of a stream that nobody opened
            (to, stream, number) -> to.frame(MisbehavingHttp2Server.DATA, 1, 101, new byte[1]),
            // a frame that is too large
            (to, stream, number) -> to.frame(MisbehavingHttp2Server.DATA, 0, stream, new byte[100_000]),
            // headers that don't decode
            (to, stream, number) -> to.frame(MisbehavingHttp2Server.HEADERS, 5, stream, (byte) 0xff, (byte) 0xff),
            // a response without a status
            (to, stream, number) -> to.frame(MisbehavingHttp2Server.HEADERS, 5, stream, (byte) 0x0f, (byte) 0x0d, (byte) 0),
            // data before the head
            (to, stream, number) -> to.frame(MisbehavingHttp2Server.DATA, 1, stream, new byte[1]),
            // headers without end
            (to, stream, number) -> {
                to.frame(MisbehavingHttp2Server.HEADERS, 0, stream, MisbehavingHttp2Server.OK);
                while (true) {
                    to.frame(MisbehavingHttp2Server.CONTINUATION, 0, stream, header(1_000));
                }
            }
        };
        for (int i = 0; i < breaches.length; i++) {
            if (server != null) {
                server.close();
            }
            serve(100, breaches[i]);
            Outcome outcome = run.fetch(server.url());
            assertEquals(i + ": " + outcome.error(), ErrorType.PROTOCOL, outcome.error().type());
            assertTrue(outcome.error().message().indexOf('\n') < 0);
        }
    }

    @Test
    public void headsMayBeLong() throws Exception {
        serve(100, (to, stream, number) -> head(to, stream, 6));
        Outcome outcome = run.fetch(server.url());
        assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
    }

    @Test
    public void headsThatAreTooLargeFailNobodyElse() throws Exception {
        // a head that is read and refused, and one at which the whole connection breaks
        for (int frames : new int[] {9, 60}) {
            if (server != null) {
                server.close();
            }
            serve(100, (to, stream, number) -> {
                if (server.connections.get() > 1) {
                    to.respond(stream, "fine");
                } else if (number == 9) {
                    head(to, 9, frames);
                    for (int other : new int[] {1, 3, 5, 7, 11, 13, 15, 17}) {
                        to.respond(other, "fine");
                    }
                }
            });
            OutcomeCounts tally = run.run(branches(9));
            assertEquals(run.outcomes.toString(), 1, tally.failed());
            assertEquals(frames == 9 ? 1 : 2, server.connections.get());
            run.outcomes.values().stream()
                    .map(Outcome::error)
                    .filter(Objects::nonNull)
                    .forEach(error -> assertEquals(error.message(), ErrorType.PROTOCOL, error.type()));
        }
    }

    @Test
    public void whatNobodyExpectsIsABrokenConnectionAndNoMore() throws Exception {
        CountDownLatch four = new CountDownLatch(4);
        serve(100, (to, stream, number) -> {
            four.countDown();
            if (server.connections.get() > 1 || number == 5) {
                to.respond(stream, "fine");
            }
        });
        var end = run.start(branches(4));
        assertTrue(four.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        run.execute(server.url(), defective());
        assertEquals(run.outcomes.toString(), 4, end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).succeeded());
        assertEquals(2, server.connections.get());
    }

    @Test
    public void whatIsNotSafeToRepeatFailsInWords() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        serve(100, (to, stream, number) -> {
            sent.countDown();
            if (number == 2) {
                to.respond(stream, "fine");
            }
        });
        var end = run.start(List.of(Branches.json("{'url':'" + server.url() + "','method':'POST'}")));
        assertTrue(sent.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        run.execute(server.url(), defective());
        end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(ErrorType.CONNECT, run.outcomes.get(0).error().type());
        String message = run.outcomes.get(0).error().message();
        assertTrue(message, message.contains(" broke before the response: the HTTP library failed ("));
        assertEquals(1, server.connections.get());
    }

    /** An exchange that fails as HttpCore itself may. */
    private static HttpExchange defective() {
        return (HttpExchange) Proxy.newProxyInstance(
                HttpExchange.class.getClassLoader(), new Class<?>[] {HttpExchange.class}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "produceRequest":
                            BasicHttpRequest request = new BasicHttpRequest("GET", "https", new URIAuthority("a"), "/");
                            ((RequestChannel) arguments[0]).sendRequest(request, null, (HttpContext) arguments[1]);
                            return null;
                        case "consumeResponse":
                            throw new IllegalStateException("a defect");
                        case "equals":
                            return self == arguments[0];
                        case "hasEnded":
                            return false;
                        case "hashCode", "available", "stream":
                            return 0;
                        default:
                            return null;
                    }
                });
    }

    /** The whole head of a response with so many frames of 32,000 bytes. */
    private static void head(MisbehavingHttp2Server.Connection to, int stream, int frames) throws IOException {
        to.frame(MisbehavingHttp2Server.HEADERS, 1, stream, MisbehavingHttp2Server.OK);
        for (int i = 1; i <= frames; i++) {
            int last = i == frames ? MisbehavingHttp2Server.END_HEADERS : 0;
            byte[] one = header(16_000);
            byte[] two = ByteBuffer.allocate(2 * one.length).put(one).put(one).array();
            to.frame(MisbehavingHttp2Server.CONTINUATION, last, stream, two);
        }
    }

    @Test
    public void truncatedBodies() throws Exception {
        // content-length: 10 as literal without indexing, name 28 of the static table
        byte[] head = {(byte) 0x88, 0x0f, 0x0d, 2, '1', '0'};
        serve(100, (to, stream, number) -> {
            to.frame(MisbehavingHttp2Server.HEADERS, 4, stream, head);
            to.frame(MisbehavingHttp2Server.DATA, 1, stream, new byte[5]);
        });
        Outcome outcome = run.fetch(server.url());
        assertEquals(ErrorType.CONNECT, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().endsWith("closed after 5 of 10 bytes"));
    }

    @Test
    public void stalledStreamsEndAloneAsTimeouts() throws Exception {
        run.idleAtMost(Duration.ofMillis(400));
        run.timeout = Duration.ofSeconds(4);
        serve(100, (to, stream, number) -> {
            switch (number % 4) {
                case 0 -> to.frame(MisbehavingHttp2Server.HEADERS, 4, stream, MisbehavingHttp2Server.OK);
                case 1 -> { }
                default -> to.respond(stream, "fine");
            }
        });
        OutcomeCounts tally = run.run(branches(40));
        assertEquals(run.outcomes.toString(), 40, tally.total());
        assertTrue(run.outcomes.values().stream()
                .allMatch(outcome -> outcome.error() == null || outcome.error().type() == ErrorType.TIMEOUT));
        assertTrue("succeeded: " + tally.succeeded(), tally.succeeded() >= 15);
    }

    @Test
    public void aHeadThatDoesNotEndIsAStall() throws Exception {
        run.idleAtMost(Duration.ofMillis(400));
        serve(100, (to, stream, number) -> to.frame(MisbehavingHttp2Server.HEADERS, 0, stream, MisbehavingHttp2Server.OK));
        Outcome outcome = run.fetch(server.url());
        assertEquals(ErrorType.TIMEOUT, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains("stalled within the head"));
    }

    @Test
    public void bodiesThatAreTooLargeEndTheirStreamOnly() throws Exception {
        run.storeIn(new BodyStorage(folder.getRoot().toString(), "pages", 1_000));
        serve(100, (to, stream, number) -> {
            if (number == 5) {
                to.frame(MisbehavingHttp2Server.HEADERS, 4, stream, MisbehavingHttp2Server.OK);
                to.frame(MisbehavingHttp2Server.DATA, 0, stream, new byte[2_000]);
            } else {
                to.respond(stream, "fine");
            }
        });
        OutcomeCounts tally = run.run(branches(50));
        assertEquals(49, tally.succeeded());
        assertEquals(1, server.connections.get());
        assertTrue(run.outcomes.values().stream()
                .allMatch(outcome -> outcome.error() == null || outcome.error().type() == ErrorType.TOO_LARGE));
    }

    @Test
    public void aServerThatWantsHttp11GetsIt() throws Exception {
        serve(100, (to, stream, number) -> to.reset(stream, 13));
        Outcome outcome = run.fetch(server.url());
        assertEquals("there is none here", OutcomeStatus.FAILED, outcome.status());
        assertEquals("HTTP/2 was tried once", 1, server.requests.get());
    }

    @Test
    public void cancelEndsAllAtOnce() throws Exception {
        serve(100, (to, stream, number) -> to.frame(MisbehavingHttp2Server.HEADERS, 4, stream, MisbehavingHttp2Server.OK));
        var end = run.start(branches(60));
        Await.until("60 requests", () -> server.requests.get() == 60);
        run.scheduler.cancel("enough");
        assertEquals(60, end.toCompletableFuture().get(20, java.util.concurrent.TimeUnit.SECONDS).cancelled());
        assertEquals(Set.of(), Set.copyOf(run.outcomes.values().stream()
                .map(outcome -> outcome.details().get(OutcomeDetail.PATH))
                .filter(java.util.Objects::nonNull)
                .toList()));
    }

    @Test
    public void anEmptyBodyIsAnEmptyFile() throws Exception {
        Path file = folder.getRoot().toPath().resolve("pages/empty");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "old");
        serve(100, (to, stream, number) ->
                to.frame(MisbehavingHttp2Server.HEADERS, 5, stream, MisbehavingHttp2Server.OK));
        Outcome outcome = run.fetch(Branches.json("{'url':'" + server.url() + "','file':'empty'}"));
        assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
        assertEquals("pages/empty", outcome.details().get(OutcomeDetail.PATH));
        assertEquals("", Files.readString(file));
    }

    @Test
    public void bodiesWithMoreThanTheirLength() throws Exception {
        byte[] head = {(byte) 0x88, 0x0f, 0x0d, 2, '1', '0'};
        serve(100, (to, stream, number) -> {
            to.frame(MisbehavingHttp2Server.HEADERS, 4, stream, head);
            to.frame(MisbehavingHttp2Server.DATA, 1, stream, new byte[11]);
        });
        Outcome outcome = run.fetch(server.url());
        assertEquals(ErrorType.PROTOCOL, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains("more than the 10 bytes"));
    }

    @Test
    public void aRequestThatIsAbortedBeforeItsTurnIsNotSent() throws Exception {
        CompletableFuture<MisbehavingHttp2Server.Connection> first = new CompletableFuture<>();
        serve(1, (to, stream, number) -> {
            if (number == 1) {
                first.complete(to);
            } else {
                to.respond(stream, "fine");
            }
        });
        try (HttpReactor reactor = new HttpReactor(NameLookup.SYSTEM, Tls.trusting(certificates.trust()));
                FetchEngine engine =
                        new FetchEngine(reactor, FetchSettings.standard(new BodyStorage(null, null, 0)), FetchRun.RUN)) {
            Attempt under = engine.attempt(FetchBranch.of(0, server.url()), 1);
            MisbehavingHttp2Server.Connection connection = first.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            Attempt aborted = engine.attempt(Branches.sending("POST", server.url(), java.util.Map.of(), "x"), 1);
            Attempt next = engine.attempt(FetchBranch.of(2, server.url()), 1);
            aborted.abort();
            connection.respond(1, "fine");
            for (Attempt attempt : List.of(under, next)) {
                AttemptResult end = attempt.result().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertTrue(end.toString(), end instanceof AttemptResult.Succeeded);
            }
            assertEquals("the aborted one was not sent", 2, server.requests.get());
            assertEquals(1, server.connections.get());
        }
    }

    @Test
    public void aStreamThatIsLeftIsResetAndTheConnectionKept() throws Exception {
        CompletableFuture<MisbehavingHttp2Server.Connection> first = new CompletableFuture<>();
        run.idleAtMost(Duration.ofMillis(300));
        serve(100, (to, stream, number) -> {
            if (number == 1) {
                to.frame(MisbehavingHttp2Server.HEADERS, 4, stream, MisbehavingHttp2Server.OK);
                first.complete(to);
            } else {
                to.respond(stream, "fine");
            }
        });
        assertEquals(ErrorType.TIMEOUT, run.fetch(server.url()).error().type());
        first.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).frame(MisbehavingHttp2Server.DATA, 0, 1, new byte[1]);
        assertEquals("CANCEL", Integer.valueOf(8), server.resets.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url() + "other").status());
        assertEquals(1, server.connections.get());
    }

    @Test
    public void refusalsForEverEndEvenIfTheServerHasServed() throws Exception {
        serve(100, (to, stream, number) -> {
            if (number == 1) {
                to.respond(stream, "fine");
            } else {
                to.reset(stream, 7);
            }
        });
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url()).status());
        assertEquals(ErrorType.CONNECT, run.fetch(server.url()).error().type());
        assertTrue("asked " + server.requests, server.requests.get() < 20);
    }

    @Test
    public void resetsOfAUsedConnectionAreNoStaleConnection() throws Exception {
        serve(100, (to, stream, number) -> {
            if (number == 1) {
                to.respond(stream, "fine");
            } else {
                to.reset(stream, 2); // INTERNAL_ERROR
            }
        });
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url()).status());
        assertEquals(ErrorType.CONNECT, run.fetch(server.url()).error().type());
        assertEquals(2, server.requests.get());
    }

    @Test
    public void aFileThatCannotBeSentEndsItsStreamOnly() throws Exception {
        Path file = folder.getRoot().toPath().resolve("body");
        Files.write(file, new byte[1_000_000]);
        CompletableFuture<MisbehavingHttp2Server.Connection> first = new CompletableFuture<>();
        serve(100, (to, stream, number) -> {
            if (number == 1) {
                first.complete(to); // its window is full before the file's end
            } else {
                to.respond(stream, "fine");
            }
        });
        var end = run.start(List.of(Branches.json(
                "{'url':'" + server.url() + "','method':'PUT','bodyFile':'body'}")));
        MisbehavingHttp2Server.Connection connection = first.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(10);
        }
        byte[] more = ByteBuffer.allocate(4).putInt(1_000_000).array();
        connection.frame(WINDOW_UPDATE, 0, 0, more).frame(WINDOW_UPDATE, 0, 1, more);
        assertEquals(1, end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).failed());
        assertEquals(ErrorType.ERROR, run.outcomes.get(0).error().type());
        assertNotNull("the server learns it", server.resets.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(server.url() + "other").status());
        assertEquals(1, server.connections.get());
    }

    private void serve(int maxStreams, MisbehavingHttp2Server.Behaviour behaviour) throws Exception {
        server = new MisbehavingHttp2Server(certificates.listen(), maxStreams, behaviour);
    }

    private List<FetchBranch> branches(int count) {
        return IntStream.range(0, count).mapToObj(i -> FetchBranch.of(i, server.url() + i)).toList();
    }

    /** A header of so many bytes, not indexed: its name is {@code x}. */
    private static byte[] header(int length) {
        byte[] header = new byte[length + 6];
        header[1] = 1;
        header[2] = 'x';
        header[3] = 127;
        int rest = length - 127;
        header[4] = (byte) (rest & 127 | 128);
        header[5] = (byte) (rest >> 7);
        java.util.Arrays.fill(header, 6, header.length, (byte) 'y');
        return header;
    }
}
