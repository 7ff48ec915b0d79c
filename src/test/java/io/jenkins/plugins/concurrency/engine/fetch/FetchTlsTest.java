package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.outcome.Detail;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FetchTlsTest {

    private static final String FOR_LOOPBACK = "SAN=IP:127.0.0.1";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private MisbehavingServer server;
    private FetchRun run;

    @After
    public void stop() throws Exception {
        run.close();
        server.close();
    }

    @Test
    public void trustedServer() throws Exception {
        start(certificates("-ext", FOR_LOOPBACK, "-validity", "2"), true);
        assertEquals("xxx", run.fetch(server.url("/ok/3")).details().get(Detail.BODY));
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
    public void plainServer() throws Exception {
        server = new MisbehavingServer();
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
        server = new MisbehavingServer(certificates.listen(), "https");
        run = new FetchRun(trusted ? new HttpReactor(NameLookup.SYSTEM, Tls.trusting(certificates.trust())) : new HttpReactor());
    }

    private void startRaw(String what) throws Exception {
        server = MisbehavingServer.raw(connection -> {
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
