package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import java.time.Duration;
import org.apache.hc.core5.concurrent.ComplexCancellable;
import org.apache.hc.core5.io.CloseMode;

/**
 * A connection that one exchange asks for, uses and gives back. It is given back once: by the exchange at its end, or
 * by {@link #discard} at any time, from any thread.
 */
public final class Lease {

    /** Waits for the connection. Called once, by any thread, also within {@link Lease#open}. */
    public interface Taker {

        /**
         * Called when the connection is open.
         *
         * @param reused whether it has served another exchange before, or was idle. The server may have closed it by
         *     now
         */
        void connected(Connection connection, boolean reused);

        /** Called when there will be no connection. */
        void failed(Exception cause);
    }

    /** Gives connections and takes them back. */
    interface Source {

        /** @param fresh whether a new connection is needed, so that no idle one is used */
        void request(Lease lease, boolean fresh);

        /** Takes a connection back. It is not kept if it is closed or was retired. */
        void takeBack(Connection connection, Duration keepAlive, boolean good);
    }

    private final Source pool;
    private final Dialer dialer;
    private final Duration connectTimeout;
    private final Taker taker;

    // Guarded by this.
    private Connection connection;
    private ConnectionAttempt attempt;
    private boolean ended;
    private long grantedMillis;

    /** Cancels the stream of a shared connection. */
    private ComplexCancellable cancellation;

    Lease(Source pool, Dialer dialer, Duration connectTimeout, Taker taker) {
        this.pool = pool;
        this.dialer = dialer;
        this.connectTimeout = connectTimeout;
        this.taker = taker;
    }

    /**
     * Asks for the connection.
     *
     * @param fresh whether a new connection is needed, so that no idle one is used
     */
    public void open(boolean fresh) {
        pool.request(this, fresh);
    }

    /** Runs an exchange on the connection. All errors are reported to the exchange. */
    public void execute(HttpExchange exchange) {
        Connection open;
        ComplexCancellable stream;
        synchronized (this) {
            open = connection;
            if (open != null && open.isShared()) {
                open.remember(exchange); // here, so that an end at the same time comes after it
                cancellation = new ComplexCancellable();
            }
            stream = cancellation;
        }
        if (open == null) {
            exchange.cancel();
        } else {
            open.execute(exchange, stream);
        }
    }

    /** Gives the connection back, so that others can use it. */
    public void release(HttpExchange exchange, Duration keepAlive) {
        Connection held = end();
        if (held != null) {
            held.forget(exchange);
            pool.takeBack(held, keepAlive, true);
        }
    }

    /**
     * Stops waiting for the connection, or closes it. On a shared connection it ends only the stream. If nothing has
     * arrived on that connection meanwhile, it gets no more streams.
     */
    public void discard(HttpExchange exchange) {
        ConnectionAttempt unfinished;
        ComplexCancellable stream;
        long since;
        synchronized (this) {
            stream = cancellation;
            since = grantedMillis;
            unfinished = attempt;
            attempt = null;
        }
        Connection held = end();
        if (unfinished != null) {
            unfinished.cancel();
        }
        if (held != null) {
            held.forget(exchange);
            boolean good = held.isShared() && held.hasReadSince(since) && held.abandon();
            if (!held.isShared()) {
                held.close(CloseMode.IMMEDIATE);
            } else if (stream != null) {
                stream.cancel();
            }
            pool.takeBack(held, KeepAlive.DEFAULT, good);
        }
    }

    /** Ends an exchange, on its I/O thread. The other streams of a shared connection go on. */
    public void endExchange(HttpExchange exchange) {
        Connection open;
        synchronized (this) {
            open = connection;
        }
        if (open != null && open.isShared()) {
            release(exchange, KeepAlive.DEFAULT);
        } else {
            discard(exchange);
        }
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    /** Remembers an attempt, to cancel it if the lease ends early. Returns false if the lease has ended. */
    boolean await(ConnectionAttempt started) {
        synchronized (this) {
            if (!ended) {
                attempt = started;
                return true;
            }
        }
        return false;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    void granted(Connection open, boolean reused) {
        boolean late;
        synchronized (this) {
            attempt = null;
            late = ended;
            connection = late ? null : open;
            grantedMillis = System.currentTimeMillis();
        }
        if (late) {
            pool.takeBack(open, KeepAlive.DEFAULT, true);
        } else if (open.proxy() == null) {
            taker.connected(open, reused);
        } else {
            dialer.requestTurn(open.proxy(), this, (waited, refusal) -> proceed(open, reused || waited, refusal));
        }
    }

    private void proceed(Connection open, boolean reused, @CheckForNull ProxyException refusal) {
        if (isEnded()) {
            dialer.releaseTurn(open.proxy(), this);
        } else if (refusal == null) {
            taker.connected(open, reused);
        } else if (end() != null) {
            pool.takeBack(open, KeepAlive.DEFAULT, true);
            taker.failed(refusal);
        }
    }

    void refused(Exception cause) {
        synchronized (this) {
            attempt = null;
            if (ended) {
                return;
            }
            ended = true;
        }
        taker.failed(cause);
    }

    @CheckForNull
    private Connection end() {
        Connection held;
        synchronized (this) {
            ended = true;
            held = connection;
            connection = null;
        }
        if (held != null && held.proxy() != null) {
            dialer.releaseTurn(held.proxy(), this);
        }
        return held;
    }
}
