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

    /** Who wants the connection. Called once, by any thread, also within {@link Lease#open}. */
    public interface Taker {

        /**
         * The connection is open.
         *
         * @param reused whether it has served another exchange before, or has waited, so that it may be closed by now
         */
        void connected(Connection connection, boolean reused);

        /** There is no connection. */
        void failed(Exception cause);
    }

    /** Where connections come from. */
    interface Source {

        /** @param fresh whether one that was left idle won't do */
        void request(Lease lease, boolean fresh);

        /** A connection comes back; one that is closed, or was retired, does not stay. */
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

    /** Of the stream on a shared connection. */
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
     * @param fresh whether one that was left idle won't do
     */
    public void open(boolean fresh) {
        pool.request(this, fresh);
    }

    /** Runs an exchange on the connection; all errors are reported to the exchange. */
    public void execute(HttpExchange exchange) {
        Connection open;
        ComplexCancellable stream;
        synchronized (this) {
            open = connection;
            if (open != null && open.isShared()) {
                open.remember(exchange); // here, so that an end at the same time is sure to come later
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

    /** Gives the connection back for others. */
    public void release(HttpExchange exchange, Duration keepAlive) {
        Connection held = end();
        if (held != null) {
            held.forget(exchange);
            pool.takeBack(held, keepAlive, true);
        }
    }

    /**
     * Stops waiting for the connection, or closes it. Of one that is shared only the stream is given up; no more come
     * if nothing has arrived on it meanwhile.
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

    /** Ends an exchange within its I/O thread: the other streams of a shared connection live on. */
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

    /** Remembers what to cancel if the lease ends early; returns false if it has ended. */
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
