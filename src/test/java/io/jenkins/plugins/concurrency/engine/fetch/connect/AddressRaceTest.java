package io.jenkins.plugins.concurrency.engine.fetch.connect;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeNoException;

import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.FullBacklog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

public class AddressRaceTest {

    private static final Duration LIMIT = Duration.ofSeconds(Await.PATIENCE_SECONDS);

    private final IoReactor reactor = new IoReactor(NameLookup.SYSTEM);

    @After
    public void stop() {
        reactor.close();
    }

    @Test
    public void familiesTakeTurns() throws Exception {
        assertEquals(
                addresses("::1", "10.0.0.1", "::2", "10.0.0.2", "::3"),
                AddressRace.inOrder(addresses("::1", "::2", "::3", "10.0.0.1", "10.0.0.2"), null));
    }

    @Test
    public void whatWorkedComesFirst() throws Exception {
        List<InetAddress> all = addresses("::1", "::2", "10.0.0.1", "10.0.0.2");
        assertEquals(
                addresses("10.0.0.2", "::1", "10.0.0.1", "::2"),
                AddressRace.inOrder(all, InetAddress.getByName("10.0.0.2")));
        assertEquals(
                "it is not theirs any more",
                addresses("::1", "10.0.0.1", "::2", "10.0.0.2"),
                AddressRace.inOrder(all, InetAddress.getByName("10.0.0.3")));
    }

    @Test
    public void aLimitThatIsUsedUpIsATimeout() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            for (Duration usedUp : List.of(Duration.ZERO, Duration.ofMinutes(-1))) {
                assertTimeout(race(server.getLocalPort(), usedUp, addresses("127.0.0.1")));
            }
        }
    }

    @Test
    public void timeForOtherAddressesCounts() throws Exception {
        List<InetAddress> both = addresses("127.0.0.2", "127.0.0.3");
        ServerSocket deaf = new ServerSocket();
        try {
            deaf.bind(new InetSocketAddress(both.get(0), 0), 1);
        } catch (IOException e) {
            assumeNoException("this system has one loopback address", e);
        }
        try (deaf;
                FullBacklog waiting = new FullBacklog(deaf);
                ServerSocket good = new ServerSocket(deaf.getLocalPort(), 9, both.get(1))) {
            Duration left = race(good.getLocalPort(), LIMIT, both).get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue("left " + left, left.compareTo(LIMIT.minus(AddressRace.HEAD_START)) <= 0);

            // the last address has its turn after the limit
            List<InetAddress> many = new ArrayList<>(Collections.nCopies(12, both.get(0)));
            many.add(both.get(1));
            assertTimeout(race(good.getLocalPort(), Duration.ofMillis(450), many));
        }
    }

    @Test
    public void timeUntilTheServerAnswersCounts() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket good = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FullBacklog waiting = new FullBacklog(slow)) {
            CompletableFuture<Duration> left = race(slow.getLocalPort(), LIMIT, addresses("127.0.0.1"));
            CompletableFuture<Long> openedNanos = left.thenApply(any -> System.nanoTime());
            for (int i = 0; i < IoThreads.COUNT; i++) {
                race(good.getLocalPort(), LIMIT, addresses("127.0.0.1")).get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            // threads take turns: each of them has connected, so the first connection has begun too
            long begunNanos = System.nanoTime();
            waiting.accept();
            Duration counted = LIMIT.minus(left.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
            Duration waited = Duration.ofNanos(openedNanos.get() - begunNanos);
            assertTrue(counted + " of " + waited, counted.multipliedBy(2).compareTo(waited) >= 0);
        }
    }

    private static void assertTimeout(Future<?> end) {
        ExecutionException e =
                assertThrows(ExecutionException.class, () -> end.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(e.toString(), e.getCause() instanceof SocketTimeoutException);
    }

    /** What is left of the limit when an address has answered. */
    private CompletableFuture<Duration> race(int port, Duration limit, List<InetAddress> addresses) {
        CompletableFuture<Duration> left = new CompletableFuture<>();
        Dialer dialer = new Dialer(
                reactor, NetworkSettings.direct(DestinationSettings.INTERNAL), ProxySelection.NONE, Tls.ofJvm());
        new AddressRace(
                        dialer,
                        new Origin("http", "127.0.0.1", port),
                        addresses,
                        limit.toNanos(),
                        (session, leftNanos) -> left.complete(Duration.ofNanos(leftNanos)),
                        left::completeExceptionally)
                .start();
        return left;
    }

    private static List<InetAddress> addresses(String... texts) throws UnknownHostException {
        InetAddress[] all = new InetAddress[texts.length];
        for (int i = 0; i < texts.length; i++) {
            all[i] = InetAddress.getByName(texts[i]);
        }
        return Arrays.asList(all);
    }
}
