package io.jenkins.plugins.concurrency.engine.fetch.connect;

import io.jenkins.plugins.concurrency.engine.fetch.destination.BlockedException;
import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.Proxy;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/**
 * One attempt to connect: name lookup, addresses, proxy tunnel and TLS handshake within one time limit. Reports its end
 * exactly once, from any thread.
 */
final class ConnectionAttempt {

    /** Called at the end of the attempt. */
    interface Listener {
        void connected(Connection connection);

        void failed(Exception cause);
    }

    private final Dialer dialer;
    private final Route route;
    private final BooleanSupplier http2Wanted;
    private final Listener listener;
    private final Proxy proxy;
    private final Origin firstHop;
    private final boolean tunnelled;
    private final Duration limit;
    private final long askedNanos = System.nanoTime();

    // Guarded by this.

    /**
     * What was left of the limit when the alarm was last set or stopped. Waits for a thread that looks up names, for an
     * I/O thread that begins to connect, and for a turn at the proxy do not count: they are not the network's fault.
     */
    private long leftNanos;

    private long alarmSetNanos;
    private boolean ended;
    private Future<?> alarm;
    private AddressRace race;
    private IOSession session;

    /** Whether the proxy has opened the tunnel to the server. */
    private volatile boolean throughProxy;

    /** @param http2Wanted whether to offer HTTP/2 to the server; asked when the TLS handshake begins */
    ConnectionAttempt(
            Dialer dialer, Route route, Duration limit, BooleanSupplier http2Wanted, Listener listener) {
        this.dialer = dialer;
        this.http2Wanted = http2Wanted;
        this.route = route;
        this.listener = listener;
        this.limit = limit;
        this.leftNanos = limit.toNanos();
        this.proxy = dialer.proxyFor(route.origin());
        this.firstHop = proxy == null ? route.origin() : proxy.origin();
        this.tunnelled = proxy != null && route.origin().isSecure();
    }

    void start() {
        try {
            if (proxy != null) {
                dialer.guard().checkUnresolved(route.origin().host());
            }
            if (proxy != null && HostAddress.of(route.origin().host()) == null) {
                dialer.reactor().lookUp(this::lookUpTarget);
            } else {
                lookUpFirstHop();
            }
        } catch (BlockedException | RuntimeException e) {
            fail(e);
        }
    }

    /** Stops the attempt, if it has not ended. */
    void cancel() {
        fail(new CancellationException());
    }

    private void lookUpFirstHop() {
        InetAddress address = HostAddress.of(firstHop.host());
        if (address == null) {
            dialer.reactor().lookUp(this::lookUp);
        } else {
            connectToAny(new InetAddress[] {address});
        }
    }

    /**
     * Looks up a name that only the proxy needs to know. If it is known here too, it must not have a forbidden address.
     * A slow lookup is not waited for.
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
        Future<?> patience = dialer.reactor().schedule(limit.dividedBy(4), goOn);
        try {
            String host = route.origin().host();
            dialer.guard().checkAll(host, dialer.reactor().lookup().addresses(host, askedNanos));
            goOn.run();
        } catch (UnknownHostException e) {
            goOn.run();
        } catch (BlockedException | RuntimeException e) {
            fail(e);
        } finally {
            patience.cancel(false);
        }
    }

    private synchronized void setAlarm() {
        if (!ended) {
            alarmSetNanos = System.nanoTime();
            alarm = dialer.reactor().schedule(Duration.ofNanos(leftNanos), () -> fail(late()));
        }
    }

    private synchronized void stopAlarm() {
        if (!ended) {
            alarm.cancel(false);
            leftNanos -= System.nanoTime() - alarmSetNanos;
        }
    }

    private void lookUp() {
        if (hasEnded()) {
            return;
        }
        try {
            setAlarm();
            InetAddress[] addresses = dialer.reactor().lookup().addresses(firstHop.host(), askedNanos);
            stopAlarm();
            connectToAny(addresses);
        } catch (UnknownHostException e) {
            fail(viaProxy(e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** There is no alarm meanwhile: the I/O thread ends each connection in time, counted from when it begins with it. */
    private void connectToAny(InetAddress[] addresses) {
        try {
            // the administrator has chosen the proxy's own address
            List<InetAddress> permitted =
                    proxy == null ? dialer.guard().permitted(firstHop.host(), addresses) : List.of(addresses);
            AddressRace started;
            synchronized (this) {
                if (ended) {
                    return;
                }
                started = new AddressRace(dialer, firstHop, permitted, leftNanos, this::opened, this::notOpened);
                race = started;
            }
            started.start();
        } catch (BlockedException e) {
            fail(e);
        }
    }

    private void notOpened(Exception cause) {
        fail(cause instanceof RuntimeException ? cause : viaProxy(cause));
    }

    private void opened(ProtocolIOSession opened, long nowLeftNanos) {
        boolean late;
        synchronized (this) {
            late = ended;
            session = late ? null : opened;
            leftNanos = nowLeftNanos;
        }
        if (late) {
            opened.close(CloseMode.IMMEDIATE);
        } else if (tunnelled) {
            askForTunnel(opened);
        } else if (route.origin().isSecure()) {
            setAlarm();
            negotiate(opened, (ProtocolNegotiation) opened.getHandler());
        } else {
            end(new Connection(opened, null, proxy));
        }
    }

    /** Waits for its turn at the proxy. */
    private void askForTunnel(ProtocolIOSession protocol) {
        dialer.requestTurn(proxy, this, (waited, refusal) -> {
            if (hasEnded()) {
                dialer.releaseTurn(proxy, this);
            } else if (refusal != null) {
                fail(refusal);
            } else {
                setAlarm();
                TunnelRequest.send(
                        protocol, route.origin(), proxy, new ResultCallback<>(done -> secure(protocol), this::fail));
            }
        });
    }

    private void secure(ProtocolIOSession protocol) {
        throughProxy = true;
        ProtocolNegotiation negotiation = new ProtocolNegotiation(protocol);
        protocol.upgrade(negotiation);
        negotiate(protocol, negotiation);
    }

    private void negotiate(ProtocolIOSession protocol, ProtocolNegotiation negotiation) {
        dialer.tls()
                .start(
                        protocol,
                        route,
                        http2Wanted.getAsBoolean(),
                        limit,
                        new ResultCallback<>(done -> end(new Connection(protocol, negotiation.http2(), null)), this::fail));
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
        AddressRace unneeded;
        IOSession unfinished;
        synchronized (this) {
            unneeded = race;
            unfinished = session;
        }
        if (unneeded != null) {
            unneeded.cancel();
        }
        if (unfinished != null) {
            unfinished.close(CloseMode.IMMEDIATE);
        }
        listener.failed(cause);
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    private boolean endOnce() {
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            if (alarm != null) {
                alarm.cancel(false);
            }
        }
        if (proxy != null) {
            dialer.releaseTurn(proxy, this);
        }
        return true;
    }

    /** The error of an attempt that takes too long. Once the tunnel is open, the server is late, not the proxy. */
    private Exception late() {
        Exception cause = new SocketTimeoutException();
        return throughProxy ? cause : viaProxy(cause);
    }

    private Exception viaProxy(Exception cause) {
        return proxy == null ? cause : new ProxyException(firstHop, cause);
    }
}
