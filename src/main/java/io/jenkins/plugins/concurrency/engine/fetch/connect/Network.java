package io.jenkins.plugins.concurrency.engine.fetch.connect;

import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The connections of all runs that reach their destinations in the same way. Safe for use by many threads. */
public final class Network implements IdleConnectionLimit.Owner {

    private final Dialer dialer;
    private final ConcurrentMap<Route, RoutePool> pools = new ConcurrentHashMap<>();

    /** Guarded by the caller. */
    private int users;

    /**
     * @param proxies the proxies of the requests
     * @param tls for runs that check certificates
     */
    public Network(IoReactor reactor, NetworkSettings settings, ProxySelection proxies, Tls tls) {
        this.dialer = new Dialer(reactor, settings, proxies, tls);
        reactor.idleLimit().watch(this);
    }

    /** A new lease. The caller has to open it or discard it. */
    public Lease lease(Route route, Duration connectTimeout, Lease.Taker taker) {
        RoutePool pool;
        do {
            RoutePool known = pools.get(route);
            pool = known != null ? known : pools.computeIfAbsent(route, key -> new RoutePool(dialer, key));
        } while (!pool.addUser());
        return new Lease(pool, dialer, connectTimeout, taker);
    }

    /** Called when the server of a route has asked for HTTP/1.1. */
    public void fallBackToHttp1(Route route) {
        RoutePool pool = pools.get(route);
        if (pool != null) {
            pool.fallBackToHttp1();
        }
    }

    /**
     * Called when one more run uses it. This, {@link #removeUser} and {@link #sweep} are never called at the same time.
     */
    public void addUser() {
        users++;
    }

    public void removeUser() {
        users--;
    }

    /**
     * Closes connections that were idle for long enough. After the last run with a proxy's password, it keeps nothing,
     * except that the password was wrong.
     *
     * @return whether to forget this network
     */
    public boolean sweep() {
        long now = System.nanoTime();
        boolean over = dialer.hasSecret() && users == 0;
        pools.forEach((route, pool) -> {
            if (pool.sweep(connection -> over || connection.isExpired(now))) {
                pools.remove(route, pool);
            }
        });
        boolean forgotten = over && pools.isEmpty() && !dialer.remembersRefusal();
        if (forgotten) {
            dialer.reactor().idleLimit().forget(this);
        }
        return forgotten;
    }

    @Override
    public void listIdle(List<IdleConnectionLimit.Idle> all) {
        pools.values().forEach(pool -> pool.listIdle(all));
    }
}
