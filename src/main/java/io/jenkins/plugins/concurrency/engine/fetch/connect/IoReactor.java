package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The threads behind connections: for I/O, for looking up names, and a timer. All are daemons. */
public final class IoReactor implements AutoCloseable {

    private static final int MAX_IO_THREADS = 8;

    /** How many names are looked up at once; the lookup of the JVM blocks its thread. */
    private static final int LOOKUP_THREADS = 8;

    /** How often time limits of sockets are looked at. */
    private static final TimeValue TICK = TimeValue.ofMilliseconds(200);

    private final NameLookup lookup;
    private final DefaultConnectingIOReactor io;
    private final ThreadPoolExecutor lookups;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService starter;

    /** Makes the handler of a new connection; called by its I/O thread. */
    @FunctionalInterface
    interface HandlerFactory {
        @NonNull
        IOEventHandler create(@NonNull ProtocolIOSession session);
    }

    /** Starts the threads. */
    public IoReactor(@NonNull NameLookup lookup) {
        this.lookup = lookup;
        io = new DefaultConnectingIOReactor(
                (session, factory) -> ((HandlerFactory) factory).create(session),
                ioConfig(),
                new DaemonThreads("fetch-io"),
                null,
                null,
                null,
                null);
        lookups = new ThreadPoolExecutor(
                LOOKUP_THREADS,
                LOOKUP_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads("fetch-lookup"));
        lookups.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, new DaemonThreads("fetch-timer"));
        timer.setRemoveOnCancelPolicy(true);
        starter = Executors.newSingleThreadExecutor(new DaemonThreads("fetch-reactor"));
        starter.execute(io::start);
    }

    /** Runs work again and again until the reactor is closed; the work throws nothing. */
    public void every(@NonNull Duration period, @NonNull Runnable work) {
        timer.scheduleWithFixedDelay(work, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs short work later, on the timer's thread. */
    @NonNull
    public Future<?> after(@NonNull Duration pause, @NonNull Runnable work) {
        return timer.schedule(work, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs work that blocks for a while, such as a name's lookup. */
    public void block(@NonNull Runnable work) {
        lookups.execute(work);
    }

    @NonNull
    NameLookup lookup() {
        return lookup;
    }

    /** Opens a connection; the callback is called by its I/O thread. */
    @NonNull
    Future<IOSession> connect(
            @NonNull Origin peer,
            @NonNull InetAddress address,
            @NonNull Duration limit,
            @NonNull HandlerFactory handlers,
            @NonNull FutureCallback<IOSession> callback) {
        return io.connect(
                new Host(peer.host(), peer.port()),
                new InetSocketAddress(address, peer.port()),
                null,
                Timeout.of(limit),
                handlers,
                callback);
    }

    /** Closes all connections. */
    @Override
    public void close() {
        timer.shutdownNow();
        lookups.shutdownNow();
        io.close(CloseMode.IMMEDIATE);
        starter.shutdown();
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
