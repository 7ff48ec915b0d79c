package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import org.apache.hc.core5.io.CloseMode;

/**
 * A connection that one exchange asks for, uses and gives back. It is given back once, whoever is first: the exchange
 * at its end or {@link #discard} at any time, by any thread.
 */
public final class Lease {

    /** Who wants the connection. Called once, by any thread, also within {@link Lease#open}. */
    public interface Taker {

        /**
         * The connection is open.
         *
         * @param reused whether it has served another exchange before
         */
        void connected(@NonNull Connection connection, boolean reused);

        /** There is no connection. */
        void notConnected(@NonNull Exception cause);
    }

    private final RoutePool pool;
    private final Duration connectTimeout;
    private final Taker taker;

    // Guarded by this.
    private Connection connection;
    private ConnectionAttempt attempt;
    private boolean ended;

    Lease(@NonNull RoutePool pool, @NonNull Duration connectTimeout, @NonNull Taker taker) {
        this.pool = pool;
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

    /** Runs an exchange on the connection; it hears of everything that goes wrong. */
    public void execute(@NonNull HttpExchange exchange) {
        Connection open;
        synchronized (this) {
            open = connection;
        }
        if (open == null) {
            exchange.cancel();
        } else {
            open.execute(exchange);
        }
    }

    /** Gives the connection back for others. */
    public void release(@NonNull HttpExchange exchange, @NonNull Duration keepAlive) {
        Connection held = end();
        if (held != null) {
            held.forget(exchange);
            pool.takeBack(held, keepAlive, true);
        }
    }

    /**
     * Stops waiting for the connection, or closes it; one that is shared is left to those who are under way on it, and
     * no more come.
     */
    public void discard(@NonNull HttpExchange exchange) {
        ConnectionAttempt unfinished;
        synchronized (this) {
            unfinished = attempt;
            attempt = null;
        }
        Connection held = end();
        if (unfinished != null) {
            unfinished.cancel();
        }
        if (held != null) {
            held.forget(exchange);
            if (!held.isShared()) {
                held.close(CloseMode.IMMEDIATE);
            }
            pool.takeBack(held, Duration.ZERO, false);
        }
    }

    @NonNull
    Duration connectTimeout() {
        return connectTimeout;
    }

    /** Remembers what to cancel if the lease ends early; returns false if it has ended. */
    boolean await(@NonNull ConnectionAttempt started) {
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

    void granted(@NonNull Connection open, boolean reused) {
        boolean late;
        synchronized (this) {
            attempt = null;
            late = ended;
            connection = late ? null : open;
        }
        if (late) {
            pool.takeBack(open, KeepAlive.DEFAULT, true);
        } else {
            taker.connected(open, reused);
        }
    }

    void refused(@NonNull Exception cause) {
        synchronized (this) {
            attempt = null;
            if (ended) {
                return;
            }
            ended = true;
        }
        taker.notConnected(cause);
    }

    private synchronized Connection end() {
        ended = true;
        Connection held = connection;
        connection = null;
        return held;
    }
}
