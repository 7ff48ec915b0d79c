package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeNoException;

import io.jenkins.plugins.concurrency.engine.fetch.connect.IoReactor;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.FullBacklog;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Connections are used again, and what that brings with it stays hidden. */
public class FetchConnectionsTest {

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    @Before
    public void start() throws Exception {
        // hangs up on every request but the first of a connection, as a server does whose idle limit strikes then
        server.on("once", (request, to) -> {
            if (request.numberOnConnection() == 0) {
                to.respond(200, "text/plain", "fine");
            } else {
                to.hangUp();
            }
        });
    }

    @Test
    public void whatIsLeftOverSpoilsNoOtherRequest() throws Exception {
        String[] leftovers = {"extra", "extra\r\n", "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nWRONG"};
        run.limit(1, 1);
        for (String leftover : leftovers) {
            server.on("more", (request, to) -> {
                String path = request.target();
                to.send("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path + leftover);
            });
            run.run(IntStream.range(0, 10).mapToObj(i -> FetchBranch.of(i, server.url("/more/" + i))).toList());
            run.outcomes.forEach((i, outcome) -> assertEquals(
                    leftover + outcome.error(), "/more/" + i, outcome.details().get(OutcomeDetail.BODY)));
        }
    }

    @Test
    public void whatIsLeftOverAndComesLateSpoilsNoOtherRequest() throws Exception {
        run.limit(1, 1);
        server.on("late", (request, to) -> {
            String leftover = request.numberOnConnection() == 1 ? "extra" : "";
            to.send(leftover + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        run.run(IntStream.range(0, 4).mapToObj(i -> FetchBranch.of(i, server.url("/late/" + i))).toList());
        run.outcomes.values().forEach(outcome ->
                assertEquals(String.valueOf(outcome.error()), "ok", outcome.details().get(OutcomeDetail.BODY)));
        assertEquals(4, run.outcomes.size());
    }

    @Test
    public void connectionsThatAreIdleTheLongestMakeRoomForOthers() throws Exception {
        NameLookup here = host -> new InetAddress[] {InetAddress.getLoopbackAddress()};
        try (HttpTestServer any = new HttpTestServer();
                FetchRun many = new FetchRun(new HttpReactor(new IoReactor(here, 4), Tls.ofJvm(), 1_000_000))) {
            for (int i = 0; i < 20; i++) {
                String url = "http://h" + i + ".example:" + any.port() + "/ok/1";
                assertEquals(OutcomeStatus.SUCCEEDED, many.fetch(url).status());
            }
            assertEquals(20, any.connectionsAccepted());
            Await.until("room for others", () -> any.openConnections() <= 4);
            many.fetch("http://h19.example:" + any.port() + "/ok/1");
            assertEquals("the last one is still there", 20, any.connectionsAccepted());
        }
    }

    @Test
    public void aSilentAddressIsNotWaitedForAndNotAskedAgain() throws Exception {
        InetAddress deafAddress = InetAddress.getByName("127.0.0.2");
        InetAddress goodAddress = InetAddress.getByName("127.0.0.3");
        ServerSocket deaf = new ServerSocket();
        try {
            deaf.bind(new InetSocketAddress(deafAddress, 0), 1);
        } catch (IOException e) {
            assumeNoException("this system has one loopback address", e);
        }
        int port = deaf.getLocalPort();
        NameLookup both = host -> new InetAddress[] {deafAddress, goodAddress};
        try (deaf;
                FullBacklog waiting = new FullBacklog(deaf);
                HttpTestServer good = new HttpTestServer(new ServerSocket(port, 50, goodAddress));
                FetchRun named = new FetchRun(new HttpReactor(both, Tls.ofJvm()))) {
            named.connectWithin(Duration.ofMinutes(5));
            good.on("bye", (request, to) -> {
                to.respond(200, "text/plain", "good", "Connection: close");
                to.hangUp();
            });
            String url = "http://site.example:" + port + "/bye";
            assertEquals("good", named.fetch(url).details().get(OutcomeDetail.BODY));
            waiting.close();
            // from now on it answers, if it is asked
            try (HttpTestServer answers = HttpTestServer.raw(deaf, to -> to.respond(200, "deaf"))) {
                for (int i = 0; i < 5; i++) {
                    assertEquals("good", named.fetch(url).details().get(OutcomeDetail.BODY));
                }
            }
        }
    }

    @Test
    public void oneConnectionServesManyRequests() throws Exception {
        run.limit(1, 0);
        assertEquals(50, run.run(branches(50, "/ok/10")).succeeded());
        assertEquals(1, server.connectionsAccepted());
    }

    @Test
    public void errorsAndRedirectsKeepTheConnection() throws Exception {
        server.on("to", (request, to) -> to.redirect(302, "/status/404"));
        run.limit(1, 0);
        assertEquals(10, run.run(branches(10, "/to")).failed());
        assertEquals(1, server.connectionsAccepted());
    }

    @Test
    public void connectionThatClosesUnderAnIdempotentRequestIsReplacedOnce() throws Exception {
        OutcomeCounts tally = run.run(branches(200, "/once"));
        assertEquals(200, tally.succeeded());
        assertTrue(run.outcomes.values().stream().allMatch(outcome -> outcome.attempts() == 1));
    }

    @Test
    public void otherRequestsAreNotRepeated() throws Exception {
        assertEquals(OutcomeStatus.SUCCEEDED, run.fetch(post()).status());
        Outcome outcome = run.fetch(post());
        assertEquals(ErrorType.CONNECT, outcome.error().type());
        assertEquals(2, server.requestsFor("/once"));
    }

    @Test
    public void requestsWhoseNewConnectionClosesAreNotRepeated() throws Exception {
        assertEquals(ErrorType.CONNECT, run.fetch(server.url("/close-before")).error().type());
        assertEquals(1, server.requestsFor("/close-before"));
    }

    @Test
    public void connectionClosedByAnnouncementIsNotUsedAgain() throws Exception {
        server.on("bye", (request, to) -> {
            to.respond(200, "text/plain", "bye", "Connection: close");
            to.hangUp();
        });
        assertEquals(20, run.run(branches(20, "/bye")).succeeded());
        assertEquals(20, server.connectionsAccepted());
    }

    @Test
    public void perHostLimitHolds() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        server.on("count", (request, to) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            now.decrementAndGet();
            to.respond(200, "text/plain", "");
        });
        run.limit(64, 3);
        assertEquals(100, run.run(branches(100, "/count")).succeeded());
        assertTrue("at once: " + most, most.get() <= 3);
        assertTrue("connections: " + server.connectionsAccepted(), server.connectionsAccepted() <= 4);
    }

    private FetchBranch post() {
        return Branches.sending("POST", server.url("/once"), Map.of(), "x");
    }

    private List<FetchBranch> branches(int count, String path) {
        return IntStream.range(0, count).mapToObj(i -> FetchBranch.of(i, server.url(path))).toList();
    }
}
