package io.jenkins.plugins.concurrency.engine.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Requests are spaced. A machine may be late, so no request is expected to come soon; but that many can't have come in
 * so short a time.
 */
public class FetchRateTest {

    @Rule
    public final HttpTestServer server = new HttpTestServer();

    @Rule
    public final FetchRun run = new FetchRun();

    private final List<Long> arrivals = new CopyOnWriteArrayList<>();

    @Before
    public void start() throws Exception {
        server.on("page", (request, to) -> {
            arrivals.add(System.nanoTime());
            to.respond(200, "text/plain", "");
        });
    }

    @Test
    public void requestsOfOneHostAreSpaced() throws Exception {
        run.pace(20);
        long begun = System.nanoTime();
        assertEquals(21, run.run(branches(21, "/page")).succeeded());
        tookAtLeast(begun, 1_000);
        List<Long> gaps = new ArrayList<>();
        for (int i = 2; i < arrivals.size(); i++) {
            gaps.add(arrivals.get(i) - arrivals.get(i - 2));
        }
        long least = gaps.stream().sorted().skip(gaps.size() / 2).findFirst().orElseThrow();
        assertTrue("half of all pairs are 100 ms apart: " + gaps, least >= TimeUnit.MILLISECONDS.toNanos(90));
    }

    @Test
    public void waitingIsNoPartOfTheTimeLimit() throws Exception {
        run.pace(4);
        run.timeout = Duration.ofMillis(1_500);
        assertEquals(9, run.run(branches(9, "/page")).succeeded());
    }

    @Test
    public void redirectsCount() throws Exception {
        server.on("to", (request, to) -> {
            arrivals.add(System.nanoTime());
            to.redirect(302, "/page");
        });
        run.pace(20);
        long begun = System.nanoTime();
        assertEquals(10, run.run(branches(10, "/to")).succeeded());
        assertEquals(20, arrivals.size());
        tookAtLeast(begun, 950);
    }

    @Test
    public void retriesCount() throws Exception {
        run.pace(20);
        run.retry = new RetryPolicy(3, Duration.ZERO);
        long begun = System.nanoTime();
        run.run(branches(5, "/status/503"));
        assertEquals(20, server.requests.size());
        tookAtLeast(begun, 950);
    }

    @Test
    public void anotherHostHasItsOwnPace() throws Exception {
        try (HttpTestServer other = new HttpTestServer()) {
            run.pace(0.02);
            assertEquals(
                    2,
                    run.run(List.of(FetchBranch.of(0, server.url("/page")), FetchBranch.of(1, other.url("/ok/1"))))
                            .succeeded());
        }
    }

    @Test
    public void cancelDoesNotWait() throws Exception {
        run.pace(0.02);
        var end = run.start(branches(50, "/page"));
        run.scheduler.cancel("enough");
        assertEquals(50, end.toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).total());
        assertTrue(run.outcomes.values().stream()
                .allMatch(outcome -> outcome.error() == null || outcome.error().type() == ErrorType.CANCELLED));
    }

    @Test
    public void perHostHoldsBesides() throws Exception {
        run.limit(64, 1);
        run.pace(1_000);
        assertEquals(40, run.run(branches(40, "/page")).succeeded());
        assertTrue("connections: " + server.connectionsAccepted(), server.connectionsAccepted() <= 2);
    }

    private static void tookAtLeast(long begun, long millis) {
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue("took " + took + " ms", took >= millis);
    }

    private List<FetchBranch> branches(int count, String path) {
        return IntStream.range(0, count).mapToObj(i -> FetchBranch.of(i, server.url(path))).toList();
    }
}
