package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOReactorShutdownException;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The threads that serve connections. HttpCore does not notice when one of them dies by an {@link Error}, such as a
 * lack of memory, and still gives it connections. So after the first death, no thread takes new connections. The others
 * serve those that they have.
 */
final class IoThreads {

    /** Makes the handler of a new connection. Called by the connection's I/O thread. */
    @FunctionalInterface
    interface HandlerFactory {
        IOEventHandler create(ProtocolIOSession session);
    }

    private static final Logger LOGGER = Logger.getLogger(IoThreads.class.getName());

    /** How many threads serve connections. */
    static final int COUNT = Math.max(2, Math.min(Runtime.getRuntime().availableProcessors(), 8));

    /** How often the time limits of sockets are checked. */
    private static final TimeValue TICK = TimeValue.ofMilliseconds(200);

    private final DefaultConnectingIOReactor reactor;
    private final Set<Opening> openings = ConcurrentHashMap.newKeySet();
    private final AtomicInteger left = new AtomicInteger();
    private volatile boolean broken;

    /** Starts the threads. */
    IoThreads() {
        ThreadFactory daemons = new DefaultThreadFactory("fetch-io", true);
        reactor = new DefaultConnectingIOReactor(
                (session, factory) -> ((HandlerFactory) factory).create(session),
                config(),
                work -> {
                    left.incrementAndGet();
                    return daemons.newThread(() -> serve(work));
                },
                null,
                null,
                null,
                null);
        reactor.start();
    }

    /** Whether they take no more connections. */
    boolean isBroken() {
        return broken;
    }

    /** Whether all of them have ended. */
    boolean isOver() {
        return left.get() == 0;
    }

    /** @throws IOReactorShutdownException if they take no more connections */
    Future<IOSession> connect(
            Host peer,
            InetSocketAddress address,
            Timeout limit,
            HandlerFactory handlers,
            FutureCallback<IOSession> callback) {
        Opening opening = new Opening(callback);
        openings.add(opening);
        try {
            Future<IOSession> future = reactor.connect(peer, address, null, limit, handlers, opening);
            if (broken) {
                opening.endWithThread();
            }
            return future;
        } catch (IOReactorShutdownException e) {
            openings.remove(opening);
            broken = true; // a thread has just died and has not set it yet
            throw e;
        }
    }

    /** Closes all connections. */
    void close() {
        reactor.close(CloseMode.IMMEDIATE);
    }

    private void serve(Runnable work) {
        try {
            work.run();
        } catch (Error e) {
            LOGGER.log(Level.SEVERE, e, () -> "an I/O thread died, and its connections with it");
        } finally {
            broken = true;
            left.decrementAndGet();
            reactor.initiateShutdown();
            openings.forEach(Opening::endWithThread);
        }
    }

    /** A connection that is being opened. If its I/O thread dies, HttpCore does not call the callback. */
    private final class Opening implements FutureCallback<IOSession> {

        private final FutureCallback<IOSession> callback;

        Opening(FutureCallback<IOSession> callback) {
            this.callback = callback;
        }

        void endWithThread() {
            failed(new IOException("an I/O thread died"));
        }

        @Override
        public void completed(IOSession session) {
            if (openings.remove(this)) {
                callback.completed(session);
            } else {
                session.close(CloseMode.IMMEDIATE);
            }
        }

        @Override
        public void failed(Exception cause) {
            if (openings.remove(this)) {
                callback.failed(cause);
            }
        }

        @Override
        public void cancelled() {
            if (openings.remove(this)) {
                callback.cancelled();
            }
        }
    }

    private static IOReactorConfig config() {
        return IOReactorConfig.custom()
                .setIoThreadCount(COUNT)
                .setSelectInterval(TICK)
                .setTcpNoDelay(true)
                .setSoTimeout(Timeout.DISABLED)
                .build();
    }
}
