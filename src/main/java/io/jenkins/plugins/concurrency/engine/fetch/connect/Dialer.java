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
import java.util.Map;
import java.util.stream.Stream;

/**
 * What connections of one network are made with: threads, rules for destinations, TLS, proxies and who may send their
 * passwords, addresses that have worked. Safe for use by many threads.
 */
final class Dialer {

    private static final int MAX_PROVEN = 1_000;

    /** A proxy refuses a wrong password at once. If it says nothing for this long, it waits for a slow server. */
    private static final Duration UNTRUSTED = Duration.ofSeconds(10);

    private final IoReactor reactor;
    private final DestinationGuard guard;
    private final Tls tls;
    private final Proxy plainProxy;
    private final Proxy secureProxy;
    private final boolean secret;

    /** The addresses of the last connections, the oldest first. The number is limited. Guarded by itself. */
    private final Map<Origin, InetAddress> lastConnected = new LinkedHashMap<>();

    /**
     * @param proxies the proxies of the requests
     * @param tls for runs that check certificates
     */
    Dialer(IoReactor reactor, NetworkSettings settings, ProxySelection proxies, Tls tls) {
        this.reactor = reactor;
        this.guard = new DestinationGuard(settings.destinations());
        this.tls = settings.ignoreTls() ? Tls.trustingAnybody() : tls;
        this.plainProxy = proxies.forPlain();
        this.secret = proxies.havePassword();
        this.secureProxy = proxies.isOne() ? plainProxy : proxies.forSecure(); // so that a refusal counts for both
    }

    /** Whether it has the password of a proxy. */
    boolean hasSecret() {
        return secret;
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

    /** The address of the last connection; {@code null} if none is remembered. */
    @CheckForNull
    InetAddress lastConnected(Origin peer) {
        synchronized (lastConnected) {
            return lastConnected.get(peer);
        }
    }

    void rememberConnected(Origin peer, InetAddress address) {
        synchronized (lastConnected) {
            lastConnected.remove(peer);
            lastConnected.put(peer, address);
            if (lastConnected.size() > MAX_PROVEN) {
                lastConnected.remove(lastConnected.keySet().iterator().next());
            }
        }
    }

    /** Why no exchange may begin on a route; {@code null} if one may. */
    @CheckForNull
    ProxyException refusal(Route route) {
        Proxy serving = proxyFor(route.origin());
        return serving == null ? null : serving.refusal();
    }

    /** Whether a proxy has refused the password. This must be remembered. */
    boolean remembersRefusal() {
        return Stream.of(plainProxy, secureProxy).anyMatch(proxy -> proxy != null && proxy.refusal() != null);
    }

    /** Asks for a turn to send a proxy's password: see {@link Proxy#requestTurn}. */
    void requestTurn(Proxy proxy, Object who, Proxy.Turn turn) {
        proxy.requestTurn(who, (waited, refusal) -> {
            turn.take(waited, refusal);
            if (refusal == null && !proxy.isTrusted()) {
                reactor.schedule(UNTRUSTED, () -> releaseTurn(proxy, who));
            }
        });
    }

    /** Ends a turn, or stops waiting for one. */
    void releaseTurn(Proxy proxy, Object who) {
        Runnable next = proxy.releaseTurn(who);
        if (next != null) {
            reactor.execute(next); // not within this call, which may be within the end of another one
        }
    }

    /** The proxy that serves a destination; {@code null} to connect directly. */
    @CheckForNull
    Proxy proxyFor(Origin destination) {
        Proxy proxy = destination.isSecure() ? secureProxy : plainProxy;
        return proxy != null && proxy.serves(destination.host()) ? proxy : null;
    }

    /** Whether a server of this route may be asked for HTTP/2. Through a proxy, HTTP/1.1 is used. */
    boolean isHttp2Possible(Route route) {
        return route.origin().isSecure() && proxyFor(route.origin()) == null;
    }
}
