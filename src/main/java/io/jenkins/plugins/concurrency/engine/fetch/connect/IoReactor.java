package io.jenkins.plugins.concurrency.engine.fetch.connect;

import io.jenkins.plugins.concurrency.engine.fetch.destination.NameLookup;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.net.Host;
import org.apache.hc.core5.reactor.IOReactorShutdownException;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/** The threads behind connections: for I/O, for looking up names, and a timer. All are daemons. */
public final class IoReactor implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(IoReactor.class.getName());

    /** How many names are looked up at once. The JVM's lookup blocks its thread. */
    private static final int LOOKUP_THREADS = 64;

    /** How many files are read at once. */
    private static final int FILE_THREADS = 4;

    private final FreshLookup lookup;
    private final IdleConnectionLimit idleLimit;
    private final ThreadPoolExecutor lookups;
    private final ThreadPoolExecutor fileReaders;
    private final FairExecutor files;
    private final ScheduledThreadPoolExecutor timer;

    // Guarded by this.
    private IoThreads io;
    private final List<IoThreads> all = new ArrayList<>();
    private boolean closed;

    /** Starts the threads. */
    public IoReactor(NameLookup lookup) {
        this(lookup, IdleConnectionLimit.ofHeap());
    }

    /** @param idleConnections how many connections may be idle at once */
    public IoReactor(NameLookup lookup, int idleConnections) {
        this.lookup = new FreshLookup(lookup);
        this.idleLimit = new IdleConnectionLimit(idleConnections, this::execute);
        lookups = threads(LOOKUP_THREADS, "fetch-lookup");
        fileReaders = threads(FILE_THREADS, "fetch-file");
        files = new FairExecutor(fileReaders);
        timer = new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("fetch-timer", true));
        timer.setRemoveOnCancelPolicy(true);
        io = new IoThreads();
        all.add(io);
    }

    /** Runs work periodically until the reactor is closed, also after the work has failed. */
    public void every(Duration period, Runnable work) {
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (Throwable e) {
                // also after an Error, or the timer would never run it again
                LOGGER.log(Level.WARNING, e, () -> "periodic work failed");
            }
        };
        timer.scheduleWithFixedDelay(guarded, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs short work at once, on the timer's thread. Does nothing after the reactor has been closed. */
    public void execute(Runnable work) {
        try {
            timer.execute(work);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "closed", e);
        }
    }

    /** Runs short work later, on the timer's thread. */
    public Future<?> schedule(Duration pause, Runnable work) {
        return timer.schedule(work, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Runs work that reads a file. Lookups of names have other threads, so they do not wait for it.
     *
     * @param owner the run that needs the file; runs take turns
     */
    public void readFile(Object owner, Runnable work) {
        files.execute(owner, work);
    }

    /** Runs the lookup of a name. */
    void lookUp(Runnable work) {
        lookups.execute(work);
    }

    IdleConnectionLimit idleLimit() {
        return idleLimit;
    }

    FreshLookup lookup() {
        return lookup;
    }

    /** Opens a connection. Its I/O thread calls the callback. */
    Future<IOSession> connect(
            Origin peer,
            InetAddress address,
            Duration limit,
            IoThreads.HandlerFactory handlers,
            FutureCallback<IOSession> callback) {
        Host host = new Host(peer.host(), peer.port());
        InetSocketAddress place = new InetSocketAddress(address, peer.port());
        try {
            return living().connect(host, place, Timeout.of(limit), handlers, callback);
        } catch (IOReactorShutdownException e) {
            return living().connect(host, place, Timeout.of(limit), handlers, callback);
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        timer.shutdownNow();
        lookups.shutdownNow();
        fileReaders.shutdownNow();
        List<IoThreads> last;
        synchronized (this) {
            closed = true;
            last = List.copyOf(all);
        }
        last.forEach(IoThreads::close);
    }

    /** A pool whose threads end when there is nothing to do. */
    private static ThreadPoolExecutor threads(int count, String name) {
        ThreadPoolExecutor made = new ThreadPoolExecutor(
                count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name, true));
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    /** The I/O threads. If one has died, these are new ones. */
    private synchronized IoThreads living() {
        if (io.isBroken() && !closed) {
            all.removeIf(IoThreads::isOver);
            io = new IoThreads();
            all.add(io);
        }
        return io;
    }
}
