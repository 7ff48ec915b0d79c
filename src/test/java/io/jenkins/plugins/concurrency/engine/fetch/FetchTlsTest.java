package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.StandardConstants;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FetchTlsTest {

    private static final String FOR_LOOPBACK = "SAN=IP:127.0.0.1";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private HttpTestServer server;
    private FetchRun run;

    @After
    public void stop() throws Exception {
        run.close();
        server.close();
    }

    @Test
    public void trustedServer() throws Exception {
        start(certificates("-ext", FOR_LOOPBACK, "-validity", "2"), true);
        assertEquals("xxx", run.fetch(server.url("/ok/3")).details().get(OutcomeDetail.BODY));
        run.run(IntStream.range(0, 40).mapToObj(i -> FetchBranch.of(i, server.url("/ok/100000"))).toList());
        assertTrue(run.outcomes.values().stream().allMatch(outcome -> outcome.error() == null));
    }

    @Test
    public void brokenBodiesAreNoTlsErrors() throws Exception {
        start(certificates("-ext", FOR_LOOPBACK, "-validity", "2"), true);
        Outcome outcome = run.fetch(server.url("/truncated"));
        assertEquals(ErrorType.CONNECT, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().endsWith("closed after 512 of 1024 bytes"));
    }

    @Test
    public void unknownIssuer() throws Exception {
        start(certificates("-ext", FOR_LOOPBACK, "-validity", "2"), false);
        refused("is not accepted: ");
    }

    @Test
    public void otherHost() throws Exception {
        start(certificates("-ext", "SAN=DNS:example.org", "-validity", "2"), true);
        refused("is not accepted: No subject alternative names matching IP address 127.0.0.1");
    }

    @Test
    public void serversAreToldEveryName() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        TestCertificates certificates =
                certificates("-ext", "SAN=DNS:plainhost,DNS:a.example.org,IP:127.0.0.1", "-validity", "2");
        SSLServerSocket listener = (SSLServerSocket) certificates.listen();
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setSNIMatchers(List.of(new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
            @Override
            public boolean matches(SNIServerName name) {
                return told.add(new String(name.getEncoded(), StandardCharsets.US_ASCII));
            }
        }));
        listener.setSSLParameters(parameters);
        server = new HttpTestServer(listener);
        NameLookup names = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
        run = new FetchRun(new HttpReactor(names, Tls.trusting(certificates.trust())));
        for (String host : List.of("plainhost", "a.example.org.", "127.0.0.1")) {
            Outcome outcome = run.fetch("https://" + host + ":" + server.port() + "/ok/3");
            assertEquals(host + ": " + outcome.error(), "xxx", outcome.details().get(OutcomeDetail.BODY));
        }
        assertEquals(List.of("plainhost", "a.example.org"), told);
        Outcome other = run.fetch("https://otherhost:" + server.port() + "/ok/3");
        assertTrue(other.error().message(), other.error().message().contains("otherhost:" + server.port() + " is not accepted: "));
        assertEquals(3, server.requests.size());
    }

    /** The JVM's own servers take no such name, so that what they would do with it can't be seen here: see NginxTest. */
    @Test
    public void serversAreToldNamesThatTheJvmTakesForNone() throws Exception {
        BlockingQueue<String> hello = new LinkedBlockingQueue<>();
        server = HttpTestServer.raw(connection -> hello.add(connection.readOnce()));
        NameLookup names = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
        run = new FetchRun(new HttpReactor(names, Tls.ofJvm()));
        run.fetch("https://my_host:" + server.port() + "/");
        assertTrue(String.valueOf(hello.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)).contains("\0\7my_host"));
    }

    @Test
    public void expired() throws Exception {
        start(certificates("-ext", FOR_LOOPBACK, "-startdate", "-10d", "-validity", "2"), true);
        refused("has expired");
    }

    @Test
    public void notYetValid() throws Exception {
        start(certificates("-ext", FOR_LOOPBACK, "-startdate", "+10d", "-validity", "20"), true);
        refused("is not valid yet");
    }

    @Test
    public void alertsAboutWhatWillNotChangeAreFinal() throws Exception {
        TestCertificates certificates = certificates("-ext", FOR_LOOPBACK, "-validity", "2");
        server = new HttpTestServer(certificates.listenToKnownClients());
        run = new FetchRun(new HttpReactor(NameLookup.SYSTEM, Tls.trusting(certificates.trust())));
        run.retry = new RetryPolicy(3, Duration.ZERO);
        Outcome outcome = run.fetch(server.url("/ok/3"));
        assertEquals(String.valueOf(outcome.error()), ErrorType.TLS, outcome.error().type());
        assertEquals("no use trying again", 1, outcome.attempts());
    }

    @Test
    public void plainServer() throws Exception {
        server = new HttpTestServer();
        server.on("", (request, to) -> to.hangUp());
        run = new FetchRun();
        Outcome outcome = run.fetch("https://127.0.0.1:" + server.port() + "/");
        assertEquals(String.valueOf(outcome.error()), ErrorType.TLS, outcome.error().type());
    }

    @Test
    public void handshakeThatStalls() throws Exception {
        startRaw("stall");
        Outcome outcome = run.fetch("https://127.0.0.1:" + server.port() + "/");
        assertEquals(String.valueOf(outcome.error()), ErrorType.TIMEOUT, outcome.error().type());
    }

    @Test
    public void handshakeThatIsCutOff() throws Exception {
        startRaw("cut");
        Outcome outcome = run.fetch("https://127.0.0.1:" + server.port() + "/");
        assertEquals(String.valueOf(outcome.error()), ErrorType.TLS, outcome.error().type());
    }

    private TestCertificates certificates(String... options) throws Exception {
        return new TestCertificates(folder.getRoot().toPath(), options);
    }

    private void start(TestCertificates certificates, boolean trusted) throws Exception {
        server = new HttpTestServer(certificates.listen());
        run = new FetchRun(trusted ? new HttpReactor(NameLookup.SYSTEM, Tls.trusting(certificates.trust())) : new HttpReactor());
    }

    private void startRaw(String what) throws Exception {
        server = HttpTestServer.raw(connection -> {
            if (what.equals("stall")) {
                connection.awaitClose();
            } else {
                connection.skip(20);
                connection.hangUp();
            }
        });
        run = new FetchRun();
        run.connectWithin(Duration.ofMillis(500));
    }

    private void refused(String why) throws Exception {
        run.retry = new RetryPolicy(3, Duration.ZERO);
        Outcome outcome = run.fetch(server.url("/ok/3"));
        assertEquals(String.valueOf(outcome.error()), ErrorType.TLS, outcome.error().type());
        String message = outcome.error().message();
        assertTrue(message, message.contains("of 127.0.0.1:" + server.port() + " " + why));
        assertEquals("no use trying again", 1, outcome.attempts());
    }
}
