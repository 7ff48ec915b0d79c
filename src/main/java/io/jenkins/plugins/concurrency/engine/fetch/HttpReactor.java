package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The connections: a pool of them, the I/O threads that serve them, and nothing of one run, so that any number of runs
 * share one. It keeps no cookies and no credentials, and follows, repeats and decodes nothing.
 *
 * <p>Requests go through the pool rather than through HttpClient's own chain of execution: what that chain adds (its
 * redirects, retries, authentication) is not wanted here, and an engine that sees the connection knows why it broke.
 *
 * <p>All threads are daemons. Safe for use by many threads.
 */
public final class HttpReactor implements AutoCloseable {

    private static final int MAX_CONNECTIONS = FetchSettings.MAX_CONCURRENCY;
    private static final int MAX_IO_THREADS = 8;

    /** How many names are looked up at once; the lookup of the JVM blocks its thread. */
    private static final int LOOKUP_THREADS = 8;

    /** How often time limits of connections are looked at. */
    private static final TimeValue TICK = TimeValue.ofMilliseconds(200);

    private static final int EVICTION_SECONDS = 5;

    private final PoolingAsyncClientConnectionManager connections;
    private final DefaultConnectingIOReactor io;
    private final ThreadPoolExecutor lookups;
    private final ScheduledExecutorService evictor;
    private final ExecutorService starter;

    /** Starts a reactor that resolves names as the JVM does. */
    public HttpReactor() {
        this(null);
    }

    /**
     * Starts a reactor.
     *
     * @param resolver looks up every host that is connected to, addresses in numbers too, and so may forbid some;
     *     {@code null} for the JVM's
     */
    public HttpReactor(@CheckForNull DnsResolver resolver) {
        this(resolver, new JvmTls());
    }

    HttpReactor(@CheckForNull DnsResolver resolver, @NonNull TlsStrategy tls) {
        connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setTlsStrategy(tls)
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .build())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS)
                .build();
        io = new DefaultConnectingIOReactor(
                new Http1Protocol(), ioConfig(), new DaemonThreads("fetch-io"), null, null, null, null);
        lookups = new ThreadPoolExecutor(
                LOOKUP_THREADS,
                LOOKUP_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads("fetch-lookup"));
        lookups.allowCoreThreadTimeOut(true);
        evictor = Executors.newSingleThreadScheduledExecutor(new DaemonThreads("fetch-evictor"));
        evictor.scheduleWithFixedDelay(
                connections::closeExpired, EVICTION_SECONDS, EVICTION_SECONDS, TimeUnit.SECONDS);
        starter = Executors.newSingleThreadExecutor(new DaemonThreads("fetch-reactor"));
        starter.execute(io::start);
    }

    /** A lease to be opened. */
    @NonNull
    Lease newLease() {
        return new Lease(connections);
    }

    /**
     * Asks for a connection.
     *
     * @param lease will hold it
     * @param fresh whether it must be a new one
     */
    void open(
            @NonNull Lease lease,
            @NonNull FetchUrl url,
            @NonNull Timeout connectTimeout,
            boolean fresh,
            @NonNull Lease.Taker taker) {
        HttpHost host = new HttpHost(url.scheme(), url.host(), url.port());
        HttpRoute route = new HttpRoute(host, null, url.isSecure());
        lease.await(connections.lease(
                "",
                route,
                null,
                Timeout.DISABLED,
                new Completion<>(
                        endpoint -> granted(lease, endpoint, url, connectTimeout, fresh, taker), taker::notConnected)));
    }

    /** Closes all connections; exchanges under way fail. */
    @Override
    public void close() {
        evictor.shutdownNow();
        lookups.shutdownNow();
        connections.close(CloseMode.IMMEDIATE);
        io.close(CloseMode.IMMEDIATE);
        starter.shutdown();
    }

    private void granted(
            Lease lease,
            AsyncConnectionEndpoint endpoint,
            FetchUrl url,
            Timeout connectTimeout,
            boolean fresh,
            Lease.Taker taker) {
        if (!lease.hold(endpoint)) {
            return;
        }
        if (fresh) {
            endpoint.close(CloseMode.IMMEDIATE);
        }
        if (endpoint.isConnected()) {
            taker.connected(true);
        } else if (isNumeric(url.host())) {
            connect(lease, endpoint, connectTimeout, taker);
        } else {
            lookUpAndConnect(lease, endpoint, connectTimeout, taker);
        }
    }

    private void lookUpAndConnect(
            Lease lease, AsyncConnectionEndpoint endpoint, Timeout connectTimeout, Lease.Taker taker) {
        try {
            lookups.execute(() -> connect(lease, endpoint, connectTimeout, taker));
        } catch (RejectedExecutionException e) {
            taker.notConnected(e);
        }
    }

    private void connect(Lease lease, AsyncConnectionEndpoint endpoint, Timeout connectTimeout, Lease.Taker taker) {
        if (lease.isEnded()) {
            return;
        }
        try {
            lease.await(connections.connect(
                    endpoint,
                    io,
                    connectTimeout,
                    null,
                    null,
                    new Completion<>(connected -> taker.connected(false), taker::notConnected)));
        } catch (RuntimeException e) {
            taker.notConnected(e);
        }
    }

    /** Whether the host needs no look-up that could take time. */
    private static boolean isNumeric(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static IOReactorConfig ioConfig() {
        int cpus = Runtime.getRuntime().availableProcessors();
        return IOReactorConfig.custom()
                .setIoThreadCount(Math.max(2, Math.min(cpus, MAX_IO_THREADS)))
                .setSelectInterval(TICK)
                .setTcpNoDelay(true)
                .setSoTimeout(Timeout.DISABLED)
                .build();
    }
}
