package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.http.RequestDefaults;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.schedule.OutcomeCounts;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Real requests with adaptive limits. */
public class OriginLimitsTest {

    private static final int ACCEPTED = 3;

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** Of refusals. */
    private int status = 429;

    /** Four requests come together, so that one of them is too many, whatever the machine does. */
    private final CyclicBarrier first = new CyclicBarrier(AdaptiveLimit.FIRST);

    private final AtomicInteger asked = new AtomicInteger();

    @Before
    public void adaptive() {
        run.adaptive(TrafficSettings.MOST_OF_AUTO, 0);
        server.on("page", (request, to) -> {
            boolean accepted = atOnce.incrementAndGet() <= ACCEPTED;
            most.accumulateAndGet(atOnce.get(), Math::max);
            if (asked.incrementAndGet() <= AdaptiveLimit.FIRST) {
                first.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            atOnce.decrementAndGet();
            if (accepted) {
                to.respond(200);
            } else {
                refused.incrementAndGet();
                to.respond(status);
            }
        });
    }

    private List<FetchBranch> branches(int count) {
        return IntStream.range(0, count).mapToObj(i -> FetchBranch.of(i, server.url("/page/" + i))).toList();
    }

    @Test
    public void whatWasRefusedBecauseOfOthersIsSentAgainAndIsNoAttempt() throws Exception {
        OutcomeCounts counts = run.run(branches(40));
        assertEquals(40, counts.succeeded());
        assertTrue("one of the first four", refused.get() > 0);
        assertTrue(run.outcomes.values().stream().allMatch(outcome -> outcome.attempts() == 1));
        assertTrue(
                "the log of attempts has it",
                run.outcomes.values().stream().anyMatch(outcome -> outcome.details().containsKey(OutcomeDetail.TRIES)));
    }

    @Test
    public void anUnsafeRequestIsNotSentAgainAfter503() throws Exception {
        status = 503;
        run.request(
                new RequestDefaults("POST", Map.of(), null, RequestDefaults.STANDARD.validStatus()), RedirectSettings.FOLLOW);
        OutcomeCounts counts = run.run(branches(40));
        assertTrue(counts.failed() > 0);
        assertEquals(refused.get(), counts.failed());
        assertEquals(40, asked.get());
    }

    @Test
    public void onlyTheRequestThatIsAlwaysRefusedFails() throws Exception {
        first.reset();
        asked.set(AdaptiveLimit.FIRST); // the barrier is not needed
        server.on("no", (request, to) -> to.respond(503));
        List<FetchBranch> branches = new ArrayList<>(branches(60));
        branches.set(20, FetchBranch.of(20, server.url("/no")));
        assertEquals(59, run.run(branches).succeeded());
        assertEquals(OutcomeStatus.FAILED, run.outcomes.get(20).status());
        assertEquals(1, run.outcomes.get(20).attempts());
        assertTrue("" + server.requests("GET", "/no"), server.requests("GET", "/no") <= OriginRefusals.MAX_RESENDS + 1);
    }

    @Test
    public void whatWasDoneBeforeARedirectIsNotDoneTwice() throws Exception {
        server.on("order", (request, to) -> to.redirect(303, server.url("/receipt")));
        server.on("receipt", (request, to) -> to.respond(429));
        run.request(
                new RequestDefaults("POST", Map.of(), null, RequestDefaults.STANDARD.validStatus()), RedirectSettings.FOLLOW);
        assertEquals(OutcomeStatus.FAILED, run.fetch(server.url("/order")).status());
        assertEquals(1, server.requests("POST", "/order"));
        run.request(RequestDefaults.STANDARD, RedirectSettings.FOLLOW);
        AtomicInteger receipts = new AtomicInteger();
        server.on("receipt", (request, to) -> to.respond(receipts.incrementAndGet() == 1 ? 429 : 200));
        assertEquals("a GET can be repeated", OutcomeStatus.SUCCEEDED, run.fetch(server.url("/order")).status());
    }

    @Test
    public void theRefusalOfAnotherOriginSaysNothing() throws Exception {
        try (HttpTestServer other = new HttpTestServer((request, to) -> to.respond(429))) {
            server.on("moved", (request, to) -> to.redirect(302, other.url("/there")));
            List<FetchBranch> branches =
                    IntStream.range(0, 8).mapToObj(i -> FetchBranch.of(i, server.url("/moved/" + i))).toList();
            assertEquals(8, run.run(branches).failed());
            assertEquals("none is sent again", 8, server.requests.size());
        }
    }

    @Test
    public void noMoreThanPerHost() throws Exception {
        run.adaptive(TrafficSettings.MOST_OF_AUTO, 2);
        CountDownLatch two = new CountDownLatch(2);
        server.on("page", (request, to) -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            two.countDown();
            assertTrue(two.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            atOnce.decrementAndGet();
            to.respond(200);
        });
        assertEquals(30, run.run(branches(30)).succeeded());
        assertEquals(2, most.get());
    }

    @Test
    public void aHostThatIsDownFailsItsRequestsAtOnce() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        List<FetchBranch> branches =
                IntStream.range(0, 50).mapToObj(i -> FetchBranch.of(i, "http://127.0.0.1:" + port + "/" + i)).toList();
        assertEquals(50, run.run(branches).failed());
        for (Outcome outcome : run.outcomes.values()) {
            assertEquals(1, outcome.attempts());
            assertTrue("it was tried once", !outcome.details().containsKey(OutcomeDetail.TRIES));
        }
    }

    @Test
    public void theLimitsAreReported() throws Exception {
        assertEquals(40, run.run(branches(40)).succeeded());
        String origin = server.root();
        assertTrue(run.limitReports.toString(), run.limitReports.stream().anyMatch(report -> report.containsKey(origin)));
    }
}
