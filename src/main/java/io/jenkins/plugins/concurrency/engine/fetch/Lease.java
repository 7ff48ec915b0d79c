package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;

/**
 * A connection that one exchange asks for, uses and gives back. It is given back once, whoever is first: the exchange
 * at its end or {@link #discard} at any time, by any thread.
 */
final class Lease {

    /** Who wants the connection. Called once, by any thread, also within {@link HttpReactor#lease}. */
    interface Taker {

        /**
         * The connection is open.
         *
         * @param reused whether it has served another exchange before
         */
        void connected(boolean reused);

        /** There is no connection. */
        void notConnected(@NonNull Exception cause);
    }

    private final AsyncClientConnectionManager manager;

    /** Guarded by this. */
    private AsyncConnectionEndpoint endpoint;

    /** What is waited for: a place in the pool, then a connection. Guarded by this. */
    private Future<?> pending;

    /** Guarded by this. */
    private boolean ended;

    Lease(@NonNull AsyncClientConnectionManager manager) {
        this.manager = manager;
    }

    /** @return false if the lease has ended meanwhile; the endpoint then goes back at once */
    boolean hold(@NonNull AsyncConnectionEndpoint granted) {
        synchronized (this) {
            pending = null;
            if (!ended) {
                endpoint = granted;
                return true;
            }
        }
        granted.close(CloseMode.IMMEDIATE);
        manager.release(granted, null, TimeValue.ZERO_MILLISECONDS);
        return false;
    }

    /** Remembers what to cancel if the lease ends early. */
    void await(@NonNull Future<?> future) {
        synchronized (this) {
            if (!ended) {
                if (!future.isDone()) {
                    pending = future;
                }
                return;
            }
        }
        future.cancel(true);
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Runs an exchange on the connection; its handler hears of everything that goes wrong. */
    void execute(@NonNull AsyncClientExchangeHandler handler) {
        AsyncConnectionEndpoint connected;
        synchronized (this) {
            connected = ended ? null : endpoint;
        }
        if (connected == null) {
            handler.cancel();
        } else {
            connected.execute("", handler, null, HttpCoreContext.create());
        }
    }

    /** Gives the connection back for another exchange. */
    void release(@NonNull TimeValue keepAlive) {
        AsyncConnectionEndpoint released = end();
        if (released != null) {
            manager.release(released, null, keepAlive);
        }
    }

    /** Closes the connection, or stops waiting for it. */
    void discard() {
        Future<?> waiting;
        synchronized (this) {
            waiting = pending;
            pending = null;
        }
        AsyncConnectionEndpoint released = end();
        if (waiting != null) {
            waiting.cancel(true);
        }
        if (released != null) {
            released.close(CloseMode.IMMEDIATE);
            manager.release(released, null, TimeValue.ZERO_MILLISECONDS);
        }
    }

    private synchronized AsyncConnectionEndpoint end() {
        ended = true;
        AsyncConnectionEndpoint held = endpoint;
        endpoint = null;
        return held;
    }
}
