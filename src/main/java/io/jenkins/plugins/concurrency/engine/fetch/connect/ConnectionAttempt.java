package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.BlockedException;
import io.jenkins.plugins.concurrency.engine.fetch.destination.HostAddress;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.Proxy;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/**
 * One attempt to connect: name lookup, addresses, proxy tunnel and TLS handshake within one time limit. If an address
 * does not answer soon, the next one is tried too, and the first that answers is used (RFC 8305). Reports its end
 * exactly once, from any thread.
 */
final class ConnectionAttempt {

    /** Hears of the end. */
    interface Listener {
        void connected(Connection connection);

        void failed(Exception cause);
    }

    private static final long MIN_NANOS = 1_000_000;

    /** For so long an address is waited for alone. */
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final Network network;
    private final Route route;
    private final Listener listener;
    private final Proxy proxy;
    private final Origin firstHop;
    private final boolean tunnelled;
    private final Duration limit;
    private final long askedNanos = System.nanoTime();

    /** Set when the lookup begins: to wait for a thread is nobody's fault out there. */
    private volatile long deadlineNanos;

    // Guarded by this.
    private boolean ended;
    private Future<?> alarm;
    private final Deque<InetAddress> untried = new ArrayDeque<>();
    private final List<Future<?>> openings = new ArrayList<>();
    private int unanswered;
    private Future<?> headStart;
    private IOSession session;

    /** Whether the proxy has led it on to its server. */
    private volatile boolean throughProxy;

    ConnectionAttempt(Network network, Route route, Duration limit, Listener listener) {
        this.network = network;
        this.route = route;
        this.listener = listener;
        this.limit = limit;
        this.proxy = network.proxyFor(route.origin());
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
            setAlarm(limit.toNanos());
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
            network.guard().checkAll(host, network.reactor().lookup().addresses(host, askedNanos));
            goOn.run();
        } catch (UnknownHostException e) {
            goOn.run();
        } catch (BlockedException | RuntimeException e) {
            fail(e);
        } finally {
            patience.cancel(false);
        }
    }

    private void setAlarm(long nanos) {
        deadlineNanos = System.nanoTime() + nanos;
        Future<?> set = network.reactor().after(Duration.ofNanos(nanos), () -> fail(late()));
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
            setAlarm(limit.toNanos());
            connectToAny(network.reactor().lookup().addresses(firstHop.host(), askedNanos));
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
            synchronized (this) {
                untried.addAll(inOrder(permitted, network.proven(firstHop)));
            }
            connectToNext();
        } catch (BlockedException e) {
            fail(e);
        }
    }

    /** The proven one first, then the families by turns: where one of them does not work, the other one does at once. */
    static List<InetAddress> inOrder(List<InetAddress> addresses, @CheckForNull InetAddress proven) {
        List<InetAddress> rest = new ArrayList<>(addresses);
        List<InetAddress> ordered = new ArrayList<>();
        InetAddress next = rest.contains(proven) ? proven : rest.get(0);
        while (next != null) {
            rest.remove(next);
            ordered.add(next);
            Class<?> family = next.getClass();
            next = rest.stream()
                    .filter(other -> other.getClass() != family)
                    .findFirst()
                    .orElse(rest.isEmpty() ? null : rest.get(0));
        }
        return ordered;
    }

    private void connectToNext() {
        InetAddress next;
        synchronized (this) {
            next = ended || session != null ? null : untried.poll();
            if (next == null) {
                return;
            }
            unanswered++;
            headStart = untried.isEmpty() ? null : network.reactor().after(HEAD_START, this::connectToNext);
        }
        Future<?> future;
        try {
            future = network.reactor()
                    .connect(
                            firstHop,
                            next,
                            Duration.ofNanos(Math.max(MIN_NANOS, deadlineNanos - System.nanoTime())),
                            firstHop.isSecure() ? ProtocolNegotiation::new : Http1Protocol::handler,
                            new ResultCallback<>(opened -> opened(opened, next), this::notOpened));
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        synchronized (this) {
            if (!ended && session == null) {
                openings.add(future);
                return;
            }
        }
        future.cancel(true);
    }

    private void notOpened(Exception cause) {
        boolean last;
        synchronized (this) {
            unanswered--;
            if (ended || session != null) {
                return;
            }
            last = unanswered == 0 && untried.isEmpty();
            if (headStart != null) {
                headStart.cancel(false);
            }
        }
        if (last) {
            fail(viaProxy(cause));
        } else {
            connectToNext();
        }
    }

    private void opened(IOSession opened, InetAddress answering) {
        boolean late;
        List<Future<?>> others;
        synchronized (this) {
            late = ended || session != null;
            session = late ? session : opened;
            others = late ? List.of() : List.copyOf(openings);
            if (headStart != null) {
                headStart.cancel(false);
            }
        }
        others.forEach(other -> other.cancel(true)); // no use to the one that is done
        if (late) {
            opened.close(CloseMode.IMMEDIATE);
            return;
        }
        network.prove(firstHop, answering);
        ProtocolIOSession protocol = (ProtocolIOSession) opened;
        if (tunnelled) {
            askForTunnel(protocol);
        } else if (route.origin().isSecure()) {
            negotiate(protocol, (ProtocolNegotiation) protocol.getHandler());
        } else {
            end(new Connection(protocol, null, proxy));
        }
    }

    /** Its turn may come later; that does not count as time of this attempt. */
    private void askForTunnel(ProtocolIOSession protocol) {
        long leftNanos = deadlineNanos - System.nanoTime();
        synchronized (this) {
            alarm.cancel(false);
        }
        network.admit(proxy, this, (waited, refusal) -> {
            if (hasEnded()) {
                network.leave(proxy, this);
            } else if (refusal != null) {
                fail(refusal);
            } else {
                setAlarm(leftNanos);
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
        network.tls()
                .start(
                        protocol,
                        route,
                        network.isHttp2Wanted(route),
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
        List<Future<?>> waiting;
        IOSession unfinished;
        synchronized (this) {
            waiting = List.copyOf(openings);
            unfinished = session;
            if (headStart != null) {
                headStart.cancel(false);
            }
        }
        waiting.forEach(opening -> opening.cancel(true));
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
            network.leave(proxy, this);
        }
        return true;
    }

    /** Behind a tunnel it is the server that is late. */
    private Exception late() {
        Exception cause = new SocketTimeoutException();
        return throughProxy ? cause : viaProxy(cause);
    }

    private Exception viaProxy(Exception cause) {
        return proxy == null ? cause : new ProxyException(firstHop, cause);
    }
}
