package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/**
 * One attempt to connect: the lookup of the name, the addresses one after the other, the tunnel through a proxy, the
 * TLS handshake; all of it within one time limit. Tells its end exactly once, by any thread.
 */
final class ConnectionAttempt {

    /** Hears of the end. */
    interface Listener {
        void connected(@NonNull Connection connection);

        void failed(@NonNull Exception cause);
    }

    private static final long MIN_NANOS = 1_000_000;

    private final Network network;
    private final Route route;
    private final Listener listener;
    private final Proxy proxy;
    private final Origin firstHop;
    private final boolean tunnelled;
    private final Duration limit;
    private final Deque<InetAddress> untried = new ArrayDeque<>();

    /** Set when the lookup begins: to wait for a thread is nobody's fault out there. */
    private volatile long deadlineNanos;

    // Guarded by this.
    private boolean ended;
    private Future<?> alarm;
    private Future<?> opening;
    private IOSession session;

    ConnectionAttempt(
            @NonNull Network network, @NonNull Route route, @NonNull Duration limit, @NonNull Listener listener) {
        this.network = network;
        this.route = route;
        this.listener = listener;
        this.limit = limit;
        this.proxy = network.proxyFor(route.origin().host());
        this.firstHop = proxy == null ? route.origin() : proxy.origin();
        this.tunnelled = proxy != null && route.origin().isSecure();
    }

    void start() {
        try {
            if (proxy != null) {
                network.guard().checkUnresolved(route.origin().host());
            }
            if (proxy != null && HostAddress.of(route.origin().host()) == null) {
                network.reactor().lookUp(this::lookUpTarget);
            } else {
                lookUpFirstHop();
            }
        } catch (BlockedException | RuntimeException e) {
            fail(e);
        }
    }

    /** Gives up, if it has not ended. */
    void cancel() {
        fail(new CancellationException());
    }

    private void lookUpFirstHop() {
        InetAddress address = HostAddress.of(firstHop.host());
        if (address == null) {
            network.reactor().lookUp(this::lookUp);
        } else {
            setAlarm();
            connectToAny(new InetAddress[] {address});
        }
    }

    /**
     * A name that only the proxy need know: where it is known here too, it must not be that of a forbidden address. What
     * takes long here is not waited for.
     */
    private void lookUpTarget() {
        AtomicBoolean decided = new AtomicBoolean();
        Runnable goOn = () -> {
            if (!decided.compareAndSet(false, true) || hasEnded()) {
                return;
            }
            try {
                lookUpFirstHop();
            } catch (RuntimeException e) {
                fail(e);
            }
        };
        Future<?> patience = network.reactor().after(limit.dividedBy(4), goOn);
        try {
            String host = route.origin().host();
            network.guard().checkAll(host, network.reactor().lookup().addresses(host));
            goOn.run();
        } catch (UnknownHostException e) {
            goOn.run();
        } catch (BlockedException | RuntimeException e) {
            fail(e);
        } finally {
            patience.cancel(false);
        }
    }

    private void setAlarm() {
        deadlineNanos = System.nanoTime() + limit.toNanos();
        Future<?> set = network.reactor().after(limit, () -> fail(viaProxy(new SocketTimeoutException())));
        synchronized (this) {
            if (!ended) {
                alarm = set;
                return;
            }
        }
        set.cancel(false);
    }

    private void lookUp() {
        if (hasEnded()) {
            return;
        }
        try {
            setAlarm();
            connectToAny(network.reactor().lookup().addresses(firstHop.host()));
        } catch (UnknownHostException e) {
            fail(viaProxy(e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void connectToAny(InetAddress[] addresses) {
        try {
            // the proxy's own address is the administrator's choice
            List<InetAddress> permitted =
                    proxy == null ? network.guard().permitted(firstHop.host(), addresses) : List.of(addresses);
            untried.addAll(permitted);
            connectToNext();
        } catch (BlockedException e) {
            fail(e);
        }
    }

    /** Of the time that is left each address gets its share, so that a silent one does not use up all of it. */
    private void connectToNext() {
        InetAddress address = untried.poll();
        long share = Math.max(MIN_NANOS, (deadlineNanos - System.nanoTime()) / (untried.size() + 1));
        Future<?> future = network.reactor()
                .connect(
                        firstHop,
                        address,
                        Duration.ofNanos(share),
                        firstHop.isSecure() ? Negotiation::new : Http1Protocol::handler,
                        new Completion<>(this::opened, this::notOpened));
        synchronized (this) {
            if (!ended) {
                opening = future.isDone() ? null : future;
                return;
            }
        }
        future.cancel(true);
    }

    private void notOpened(Exception cause) {
        if (untried.isEmpty() || hasEnded()) {
            fail(viaProxy(cause));
            return;
        }
        try {
            connectToNext();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void opened(IOSession opened) {
        synchronized (this) {
            opening = null;
            session = opened;
            if (ended) {
                opened.close(CloseMode.IMMEDIATE);
                return;
            }
        }
        ProtocolIOSession protocol = (ProtocolIOSession) opened;
        if (tunnelled) {
            TunnelRequest.send(protocol, route.origin(), proxy, new Completion<>(done -> secure(protocol), this::fail));
        } else if (route.origin().isSecure()) {
            negotiate(protocol, (Negotiation) protocol.getHandler());
        } else {
            end(new Connection(protocol, null, proxy));
        }
    }

    private void secure(ProtocolIOSession protocol) {
        Negotiation negotiation = new Negotiation(protocol);
        protocol.upgrade(negotiation);
        negotiate(protocol, negotiation);
    }

    private void negotiate(ProtocolIOSession protocol, Negotiation negotiation) {
        network.tls()
                .start(
                        protocol,
                        route,
                        network.isHttp2Wanted(route),
                        limit,
                        new Completion<>(done -> end(new Connection(protocol, negotiation.http2(), null)), this::fail));
    }

    private void end(Connection connection) {
        if (endOnce()) {
            listener.connected(connection);
        } else {
            connection.close(CloseMode.IMMEDIATE);
        }
    }

    private void fail(Exception cause) {
        if (!endOnce()) {
            return;
        }
        Future<?> waiting;
        IOSession unfinished;
        synchronized (this) {
            waiting = opening;
            unfinished = session;
        }
        if (waiting != null) {
            waiting.cancel(true);
        }
        if (unfinished != null) {
            unfinished.close(CloseMode.IMMEDIATE);
        }
        listener.failed(cause);
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    private synchronized boolean endOnce() {
        if (ended) {
            return false;
        }
        ended = true;
        if (alarm != null) {
            alarm.cancel(false);
        }
        return true;
    }

    private Exception viaProxy(Exception cause) {
        return proxy == null ? cause : new ProxyException(firstHop, cause);
    }
}
