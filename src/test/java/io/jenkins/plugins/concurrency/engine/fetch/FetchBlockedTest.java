package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What counts is the address that a connection is made to, each time one is made. */
public class FetchBlockedTest {

    private final Map<String, String> names = new ConcurrentHashMap<>();
    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun(new HttpReactor(this::lookUp, Tls.ofJvm()));

    @Before
    public void start() throws Exception {
        run.retry = new RetryPolicy(3, Duration.ZERO);
        // of all that is internal, this server alone
        run.connectBy(NetworkSettings.direct(new DestinationSettings(false, List.of("127.0.0.1"), List.of())));
    }

    @Test
    public void addressesInUnusualNotations() throws Exception {
        for (String host : List.of(
                "127.0.0.2", "2130706434", "0x7f.2", "0177.0.0.2", "127.2", "[::ffff:127.0.0.2]", "[::1]",
                "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[fe80::1%25lo]", "169.254.169.254", "0xa9fea9fe", "0")) {
            blocked("http://" + host + ":" + server.port() + "/ok/1");
        }
        assertEquals(0, server.connectionsAccepted());
    }

    @Test
    public void namesThatResolveToForbiddenAddresses() throws Exception {
        names.put("metadata.example", "169.254.169.254");
        names.put("db.example", "10.0.0.1");
        names.put("me.example", "127.0.0.2");
        names.keySet().forEach(host -> {
            try {
                blocked("http://" + host + "/");
                blocked("https://" + host + "/");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    public void redirectsToForbiddenPlaces() throws Exception {
        names.put("inside.example", "127.0.0.2");
        for (String place : List.of("http://inside.example:" + server.port() + "/ok/1", "http://169.254.169.254/",
                "http://[::1]:" + server.port() + "/ok/1", "//127.2:" + server.port() + "/ok/1")) {
            server.on("to", (request, to) -> to.redirect(302, place));
            Outcome outcome = run.fetch(server.url("/to"));
            assertEquals(place, ErrorType.BLOCKED, outcome.error().type());
            assertEquals("no use trying again", 1, outcome.attempts());
        }
        assertEquals(0, server.requestsFor("/ok/1"));
    }

    @Test
    public void aNameThatResolvesDifferentlyLaterIsCaught() throws Exception {
        names.put("rebinding.example", "127.0.0.1");
        server.on("bye", (request, to) -> {
            to.respond(200, "text/plain", "bye", "Connection: close");
            to.hangUp();
        });
        String url = "http://rebinding.example:" + server.port();
        assertEquals("x", run.fetch(url + "/ok/1").details().get(OutcomeDetail.BODY));
        names.put("rebinding.example", "127.0.0.2");
        assertEquals(
                "the connection to the permitted address may be used on",
                OutcomeStatus.SUCCEEDED,
                run.fetch(url + "/bye").status());
        blocked(url + "/ok/1");
    }

    @Test
    public void aPermittedAddressAmongOthersIsUsed() throws Exception {
        names.put("many.example", "10.255.255.1 127.0.0.1 169.254.1.1");
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://many.example:" + server.port() + "/ok/1").status());
    }

    @Test
    public void aSilentAddressDoesNotKeepFromTheNext() throws Exception {
        // nobody listens on the first one
        names.put("two.example", "127.0.0.9 127.0.0.1");
        run.connectBy(NetworkSettings.direct(DestinationSettings.INTERNAL));
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch("http://two.example:" + server.port() + "/ok/1").status());
    }

    @Test
    public void otherSchemesAreInvalid() throws Exception {
        for (String url : List.of("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "jar:http://a!/b")) {
            assertEquals(url, ErrorType.INVALID, run.fetch(url).error().type());
        }
    }

    private void blocked(String url) throws Exception {
        Outcome outcome = run.fetch(url);
        assertEquals(url + ": " + outcome.error(), ErrorType.BLOCKED, outcome.error().type());
        assertEquals("no use trying again", 1, outcome.attempts());
        assertTrue(outcome.error().message(), outcome.error().message().indexOf('\n') < 0);
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        String found = names.get(host);
        if (found == null) {
            throw new UnknownHostException(host);
        }
        String[] addresses = found.split(" ");
        InetAddress[] all = new InetAddress[addresses.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = InetAddress.getByName(addresses[i]);
        }
        return all;
    }
}
