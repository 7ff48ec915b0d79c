package io.jenkins.plugins.concurrency.engine.fetch;

import io.jenkins.plugins.concurrency.engine.fetch.body.TextBudget;
import io.jenkins.plugins.concurrency.engine.fetch.connect.IoReactor;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Network;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.Tls;
import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySelection;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The connections and the threads that serve them. It has no data of a run, so any number of runs share one. It keeps
 * no cookies, and does not redirect, retry or decode. All threads are daemons. Thread-safe.
 */
public final class HttpReactor implements AutoCloseable {

    private static final Duration SWEEP = Duration.ofSeconds(5);

    /** Runs with equal keys use the same connections. */
    private record NetworkKey(NetworkSettings settings, ProxySelection proxies) {}

    private final Tls tls;
    private final IoReactor io;
    private final ConcurrentMap<NetworkKey, Network> networks = new ConcurrentHashMap<>();
    private final IdleTimeoutMonitor idleTimeouts = new IdleTimeoutMonitor();
    private final TextBudget textMemory;

    /** Starts a reactor that resolves names and trusts certificates as the JVM does. */
    public HttpReactor() {
        this(NameLookup.SYSTEM, Tls.ofJvm());
    }

    HttpReactor(NameLookup lookup, Tls tls) {
        this(lookup, tls, TextBudget.shareOfHeap());
    }

    /** @param textBytes the memory for bodies that are returned as text, while they arrive; in bytes */
    HttpReactor(NameLookup lookup, Tls tls, long textBytes) {
        this(new IoReactor(lookup), tls, textBytes);
    }

    HttpReactor(IoReactor io, Tls tls, long textBytes) {
        this.tls = tls;
        this.io = io;
        textMemory = new TextBudget(textBytes, io::execute);
        io.every(SWEEP, this::sweep);
        io.every(IdleTimeoutMonitor.PERIOD, idleTimeouts::checkAll);
    }

    /**
     * The connections for runs with these settings. Each caller has to {@linkplain #releaseNetwork release} them.
     *
     * @param proxies the proxies of the requests
     */
    Network network(NetworkSettings settings, ProxySelection proxies) {
        return networks.compute(new NetworkKey(settings, proxies), (key, known) -> {
            Network network = known != null ? known : new Network(io, settings, proxies, tls);
            network.addUser();
            return network;
        });
    }

    /** Called once by each caller of {@link #network}, when all its exchanges have ended. */
    void releaseNetwork(NetworkSettings settings, ProxySelection proxies) {
        networks.computeIfPresent(new NetworkKey(settings, proxies), (key, network) -> {
            network.removeUser();
            return network;
        });
    }

    /** Closes connections that were idle for long enough. Forgets passwords of proxies that no run needs any more. */
    void sweep() {
        networks.keySet()
                .forEach(key -> networks.computeIfPresent(key, (same, network) -> network.sweep() ? null : network));
    }

    /** Ends exchanges that stall. */
    IdleTimeoutMonitor idleTimeouts() {
        return idleTimeouts;
    }

    TextBudget textMemory() {
        return textMemory;
    }

    IoReactor io() {
        return io;
    }

    /** Closes all connections. Running exchanges fail. */
    @Override
    public void close() {
        io.close();
    }
}
