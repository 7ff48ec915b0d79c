package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySettings;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Large bodies of requests. */
public class FetchUploadTest {

    private static final int MIB = 1024 * 1024;
    private static final String DIRECT = "127.0.0.1";

    /** A name of this machine that only a proxy knows. */
    private static final String PROXIED = "secure.example";

    @ClassRule
    public static final TemporaryFolder CERTIFICATES = new TemporaryFolder();

    private static TestCertificates certificates;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final CountDownLatch readOn = new CountDownLatch(1);
    private FetchRun run;

    @BeforeClass
    public static void makeCertificates() throws Exception {
        certificates = new TestCertificates(
                CERTIFICATES.getRoot().toPath(), "-ext", "SAN=IP:127.0.0.1,DNS:" + PROXIED, "-validity", "2");
    }

    @Before
    public void start() throws Exception {
        run = new FetchRun(new HttpReactor(FetchUploadTest::lookUp, Tls.trusting(certificates.trust())));
        run.storeIn(new BodyStorage(folder.getRoot().toString(), null, 0));
    }

    @After
    public void stop() {
        run.close();
    }

    @Test
    public void filesOverTls() throws Exception {
        try (HttpTestServer server = new HttpTestServer(certificates.listen())) {
            Outcome outcome = run.fetch(upload(server.url("/status/201"), file(80)));
            assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
            assertEquals(Integer.toString(80 * MIB), server.requests.get(0).headers().get("content-length"));
        }
    }

    @Test
    public void textsOverTls() throws Exception {
        try (HttpTestServer server = new HttpTestServer(certificates.listen())) {
            String text = "ä".repeat(25 * MIB);
            Outcome outcome = run.fetch(Branches.sending("PUT", server.url("/status/201"), Map.of(), text));
            assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
        }
    }

    @Test
    public void filesThroughATunnel() throws Exception {
        try (HttpTestServer server = new HttpTestServer(certificates.listen());
                HttpTestServer proxy = useProxy()) {
            Outcome outcome = run.fetch(upload(server.url("/status/201").replace(DIRECT, PROXIED), file(16)));
            assertEquals(String.valueOf(outcome.error()), OutcomeStatus.SUCCEEDED, outcome.status());
            assertEquals(Integer.toString(16 * MIB), server.requests.get(0).headers().get("content-length"));
            assertEquals("CONNECT", proxy.requests.get(0).method());
        }
    }

    @Test
    public void throughATunnelNoMoreIsReadThanTheServerTakes() throws Exception {
        try (HttpTestServer server = HttpTestServer.raw(certificates.listen(), this::answerSlowly);
                HttpTestServer proxy = useProxy()) {
            noMoreIsReadThanIsTaken(server, PROXIED);
            assertTrue("neighbours too", proxy.requests.size() > 1);
        }
    }

    @Test
    public void overTlsNoMoreIsReadThanTheServerTakes() throws Exception {
        try (HttpTestServer server = HttpTestServer.raw(certificates.listen(), this::answerSlowly)) {
            noMoreIsReadThanIsTaken(server, DIRECT);
        }
    }

    @Test
    public void withoutTlsNoMoreIsReadThanTheServerTakes() throws Exception {
        try (HttpTestServer server = HttpTestServer.raw(this::answerSlowly)) {
            noMoreIsReadThanIsTaken(server, DIRECT);
        }
    }

    @Test
    public void earlyAnswersOfServersThatClose() throws Exception {
        try (HttpTestServer plain = HttpTestServer.raw(FetchUploadTest::answerEarly);
                HttpTestServer secure = HttpTestServer.raw(certificates.listen(), FetchUploadTest::answerEarly)) {
            run.retry = new RetryPolicy(2, Duration.ZERO);
            Path file = file(16);
            for (int i = 0; i < 10; i++) {
                for (HttpTestServer server : List.of(plain, secure)) {
                    Outcome outcome = run.fetch(upload(server.url("/"), file));
                    String what = server.url("/") + " " + outcome.error();
                    assertEquals(what, 413, outcome.details().get(OutcomeDetail.STATUS));
                    assertEquals("no use trying again", 1, outcome.attempts());
                }
            }
        }
    }

    @Test
    public void theStatusCountsWhereAnErrorPageBreaksOff() throws Exception {
        try (HttpTestServer server = new HttpTestServer()) {
            server.on("", (request, to) -> to.head(401, "Content-Length: 100").send("who are").reset());
            run.retry = new RetryPolicy(2, Duration.ZERO);
            Outcome outcome = run.fetch(server.url("/"));
            assertEquals(String.valueOf(outcome.error()), ErrorType.STATUS, outcome.error().type());
            assertEquals("no use trying again", 1, outcome.attempts());
        }
    }

    /** Closes while most of the body is still to come, so that the client is told that it is reset. */
    private static void answerEarly(HttpTestServer.Connection connection) throws IOException {
        connection.skip(100_000);
        connection.respond(413, "text/plain", "too much", "Connection: close");
        connection.hangUp();
    }

    private void noMoreIsReadThanIsTaken(HttpTestServer slow, String host) throws Exception {
        Path file = file(64);
        var end = run.start(List.of(upload(slow.url("/").replace(DIRECT, host), file)));
        FetchRun beside = run.beside();
        try (HttpTestServer other = new HttpTestServer(certificates.listen())) {
            String url = other.url("/ok/3").replace(DIRECT, host);
            beside.run(IntStream.range(0, 10).mapToObj(i -> FetchBranch.of(i, url)).toList());
            assertTrue(beside.outcomes.toString(),
                    beside.outcomes.values().stream().allMatch(outcome -> outcome.status() == OutcomeStatus.SUCCEEDED));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(10);
        }
        readOn.countDown();
        end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals("its rest had not been read", ErrorType.ERROR, run.outcomes.get(0).error().type());
    }

    /** Takes nothing before it is told to. */
    private void answerSlowly(HttpTestServer.Connection connection) throws IOException {
        try {
            readOn.await();
        } catch (InterruptedException e) {
            return;
        }
        connection.awaitClose();
    }

    private HttpTestServer useProxy() throws IOException {
        HttpTestServer proxy = new HttpTestServer();
        proxy.onAnything(FetchProxyTest::tunnel);
        run.connectBy(new NetworkSettings(
                DestinationSettings.INTERNAL, new ProxySettings(DIRECT, proxy.port(), null, List.of()), false, false));
        return proxy;
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        throw new UnknownHostException(host);
    }

    private Path file(int mebibytes) throws Exception {
        Path file = folder.getRoot().toPath().resolve("upload");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.SPARSE)) {
            channel.write(java.nio.ByteBuffer.allocate(1), (long) mebibytes * MIB - 1);
        }
        return file;
    }

    private static FetchBranch upload(String url, Path file) throws Exception {
        return Branches.json("{'url':'" + url + "','method':'PUT','bodyFile':'" + file.getFileName() + "'}");
    }
}
