package io.jenkins.plugins.concurrency.engine.fetch.connect;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.FullBacklog;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class IoReactorTest {

    private static final Duration LIMIT = Duration.ofSeconds(Await.PATIENCE_SECONDS);

    /** Shorter than what threads are blocked for. */
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private IoReactor reactor;
    private ServerSocket server;

    @Before
    public void start() throws Exception {
        reactor = new IoReactor(NameLookup.SYSTEM);
        server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    }

    @After
    public void stop() throws Exception {
        reactor.close();
        server.close();
    }

    @Test
    public void aThreadThatDiesTakesItsConnectionsWithItAndIsReplaced() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        List<Handler> before = new ArrayList<>();
        List<IOSession> sessions = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Handler handler = new Handler(told);
            before.add(handler);
            sessions.add(connect(handler).get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        connect(new Handler(told) {
            @Override
            public void connected(IOSession session) {
                throw new OutOfMemoryError("not really");
            }
        });
        assertTrue(told.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        for (int i = 0; i < before.size(); i++) {
            boolean open = sessions.get(i).isOpen();
            assertTrue("told, if it is closed", open || before.get(i).disconnected.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        for (int opened = 0; opened < 16; ) {
            try {
                assertTrue(connect(new Handler(told)).get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).isOpen());
                opened++;
            } catch (ExecutionException e) {
                // came while the thread was dying
                assertEquals("an I/O thread died", e.getCause().getMessage());
            }
        }
    }

    @Test
    public void theWaitForAnIoThreadIsNotTimeToConnect() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch blocked = blockThreads(released);
        assertTrue(blocked.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        CompletableFuture<Connection> opened = lease(server, CONNECT);
        reactor.schedule(CONNECT.multipliedBy(2), released::countDown);
        assertTrue(opened.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).isUsable());
    }

    @Test
    public void anAnswerThatABusyIoThreadSawTooLateIsNoTimeout() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        assertTrue(blockThreads(queued).await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        List<CompletableFuture<Connection>> opened = new ArrayList<>();
        for (int i = 0; i < 5 * IoThreads.COUNT; i++) {
            opened.add(lease(server, CONNECT));
        }
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch blocked = blockThreads(released);
        queued.countDown(); // a thread begins with all connections that wait for it at once
        assertTrue(blocked.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        reactor.schedule(CONNECT.multipliedBy(2), released::countDown);
        for (CompletableFuture<Connection> each : opened) {
            assertTrue(each.get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).isUsable());
        }
    }

    @Test
    public void aSilentServerIsNotTriedForeverByBusyIoThreads() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FullBacklog waiting = new FullBacklog(deaf)) {
            CompletableFuture<Connection> opened = lease(deaf, Duration.ofMillis(1));
            for (int i = 0; i < 8 && !opened.isDone(); i++) {
                CountDownLatch released = new CountDownLatch(1);
                blockThreads(released);
                blockThreads(released); // threads take turns, and another connection may have taken one
                reactor.schedule(CONNECT, released::countDown);
                released.await();
            }
            ExecutionException e = assertThrows(ExecutionException.class, () -> opened.get(0, TimeUnit.SECONDS));
            assertEquals(SocketTimeoutException.class, e.getCause().getClass());
        }
    }

    @Test
    public void periodicWorkGoesOnWhateverHappensInIt() throws Exception {
        CountDownLatch calls = new CountDownLatch(3);
        reactor.every(Duration.ofMillis(1), () -> {
            calls.countDown();
            throw new OutOfMemoryError("not really");
        });
        assertTrue(calls.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, calls.getCount());
    }

    @Test
    public void namesAreLookedUpWhileFilesAreRead() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 200; i++) {
            reactor.readFile("run", () -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        CountDownLatch lookedUp = new CountDownLatch(1);
        reactor.lookUp(lookedUp::countDown);
        assertTrue(lookedUp.await(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        end.countDown();
    }

    /** Blocks each I/O thread once. The result says when all of them are blocked. */
    private CountDownLatch blockThreads(CountDownLatch released) {
        CountDownLatch blocked = new CountDownLatch(IoThreads.COUNT);
        for (int i = 0; i < IoThreads.COUNT; i++) {
            connect(new Handler(new CountDownLatch(1)) {
                @Override
                public void connected(IOSession session) {
                    blocked.countDown();
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
        }
        return blocked;
    }

    /** A connection that a run asks for. */
    private CompletableFuture<Connection> lease(ServerSocket from, Duration limit) {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        Network network = new Network(
                reactor, NetworkSettings.direct(DestinationSettings.INTERNAL), ProxySelection.NONE, Tls.ofJvm());
        Route route = new Route(new Origin("http", "127.0.0.1", from.getLocalPort()), null);
        network.lease(route, limit, new Lease.Taker() {
                    @Override
                    public void connected(Connection connection, boolean reused) {
                        opened.complete(connection);
                    }

                    @Override
                    public void failed(Exception cause) {
                        opened.completeExceptionally(cause);
                    }
                })
                .open(true);
        return opened;
    }

    private CompletableFuture<IOSession> connect(Handler handler) {
        CompletableFuture<IOSession> opened = new CompletableFuture<>();
        reactor.connect(
                new Origin("http", "127.0.0.1", server.getLocalPort()),
                InetAddress.getLoopbackAddress(),
                LIMIT,
                session -> handler,
                new ResultCallback<>(opened::complete, opened::completeExceptionally));
        return opened;
    }

    private static class Handler implements IOEventHandler {

        final CountDownLatch disconnected = new CountDownLatch(1);
        private final CountDownLatch any;

        Handler(CountDownLatch any) {
            this.any = any;
        }

        @Override
        public void connected(IOSession session) {}

        @Override
        public void inputReady(IOSession session, ByteBuffer source) {}

        @Override
        public void outputReady(IOSession session) {}

        @Override
        public void timeout(IOSession session, Timeout timeout) {}

        @Override
        public void exception(IOSession session, Exception cause) {}

        @Override
        public void disconnected(IOSession session) {
            disconnected.countDown();
            any.countDown();
        }
    }
}
