package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationGuard;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.Proxy;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/** The connections of all runs that reach their destinations in the same way. Safe for use by many threads. */
public final class Network {

    private static final int MAX_PROVEN = 1_000;

    /** A proxy refuses a password at once; who says nothing for so long waits for a slow server. */
    private static final Duration UNTRUSTED = Duration.ofSeconds(10);

    private final IoReactor reactor;
    private final DestinationGuard guard;
    private final Tls tls;
    private final Proxy plainProxy;
    private final Proxy secureProxy;
    private final boolean secret;
    private final ConcurrentMap<Route, RoutePool> pools = new ConcurrentHashMap<>();

    /** The addresses that were connected to last; the oldest first, bounded. Guarded by itself. */
    private final Map<Origin, InetAddress> proven = new LinkedHashMap<>();

    /** Guarded by who keeps this network. */
    private int users;

    /**
     * @param proxies whom requests go through
     * @param tls for runs that check certificates
     */
    public Network(IoReactor reactor, NetworkSettings settings, ProxySelection proxies, Tls tls) {
        this.reactor = reactor;
        reactor.idleLimit().watch(this);
        this.guard = new DestinationGuard(settings.destinations());
        this.tls = settings.ignoreTls() ? Tls.trustingAnybody() : tls;
        this.plainProxy = proxies.forPlain();
        this.secret = proxies.havePassword();
        this.secureProxy = proxies.isOne() ? plainProxy : proxies.forSecure(); // what it refuses once it refuses
    }

    /** A lease to be opened, or discarded. */
    public Lease lease(Route route, Duration connectTimeout, Lease.Taker taker) {
        RoutePool pool;
        do {
            RoutePool known = pools.get(route);
            pool = known != null ? known : pools.computeIfAbsent(route, key -> new RoutePool(this, key));
        } while (!pool.addUser());
        return new Lease(pool, connectTimeout, taker);
    }

    /** The server of a route has asked for HTTP/1.1. */
    public void speakPlain(Route route) {
        RoutePool pool = pools.get(route);
        if (pool != null) {
            pool.speakPlain();
        }
    }

    /** One more run uses it. This, {@link #removeUser} and {@link #sweep} are called one after the other. */
    public void addUser() {
        users++;
    }

    public void removeUser() {
        users--;
    }

    /**
     * Closes what has been idle for long enough. Nothing outlasts the runs that have a proxy's password, but what there is to
     * know of a wrong one.
     *
     * @return whether to forget this network
     */
    public boolean sweep() {
        long now = System.nanoTime();
        boolean over = secret && users == 0;
        pools.forEach((route, pool) -> {
            if (pool.sweep(connection -> over || connection.isExpired(now))) {
                pools.remove(route, pool);
            }
        });
        boolean forgotten = over
                && pools.isEmpty()
                && Stream.of(plainProxy, secureProxy).allMatch(proxy -> proxy == null || proxy.reluctance() == null);
        if (forgotten) {
            reactor.idleLimit().forget(this);
        }
        return forgotten;
    }

    /** Adds the connections that nobody uses. */
    void listIdle(List<IdleConnectionLimit.Idle> all) {
        pools.values().forEach(pool -> pool.listIdle(all));
    }

    IoReactor reactor() {
        return reactor;
    }

    DestinationGuard guard() {
        return guard;
    }

    Tls tls() {
        return tls;
    }

    /** The address that was connected to last; {@code null} if none is remembered. */
    @CheckForNull
    InetAddress proven(Origin peer) {
        synchronized (proven) {
            return proven.get(peer);
        }
    }

    void prove(Origin peer, InetAddress address) {
        synchronized (proven) {
            proven.remove(peer);
            proven.put(peer, address);
            if (proven.size() > MAX_PROVEN) {
                proven.remove(proven.keySet().iterator().next());
            }
        }
    }

    /** Why no exchange may begin on a route; {@code null} if nothing speaks against it. */
    @CheckForNull
    ProxyException reluctance(Route route) {
        Proxy serving = proxyFor(route.origin());
        return serving == null ? null : serving.reluctance();
    }

    /** Asks for a turn to send a proxy's password: see {@link Proxy#admit}. */
    void admit(Proxy proxy, Object who, Proxy.Turn turn) {
        proxy.admit(who, (waited, refusal) -> {
            turn.take(waited, refusal);
            if (refusal == null && !proxy.isTrusted()) {
                reactor.after(UNTRUSTED, () -> leave(proxy, who));
            }
        });
    }

    /** Somebody needs no turn any more. */
    void leave(Proxy proxy, Object who) {
        Runnable next = proxy.left(who);
        if (next != null) {
            reactor.soon(next); // not within this one's end, which may be within another one's
        }
    }

    /** The proxy that serves a destination; {@code null} to connect directly. */
    @CheckForNull
    Proxy proxyFor(Origin destination) {
        Proxy proxy = destination.isSecure() ? secureProxy : plainProxy;
        return proxy != null && proxy.serves(destination.host()) ? proxy : null;
    }

    /** Whether a server of this route could be asked to speak HTTP/2; through a proxy HTTP/1.1 is spoken. */
    boolean isHttp2Possible(Route route) {
        return route.origin().isSecure() && proxyFor(route.origin()) == null;
    }

    /** Whether to offer HTTP/2 to the server of a route. */
    boolean isHttp2Wanted(Route route) {
        RoutePool pool = pools.get(route);
        return isHttp2Possible(route) && (pool == null || !pool.isPlain());
    }
}
