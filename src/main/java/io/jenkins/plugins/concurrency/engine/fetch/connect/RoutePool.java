package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxyException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.apache.hc.core5.io.CloseMode;

/**
 * The connections of one route. It has no limit of its own: callers limit the number of exchanges.
 *
 * <p>Where HTTP/2 is possible, the first connection finds out whether the server has it. Other exchanges wait for that,
 * and then use the same connection or open their own.
 */
final class RoutePool implements Lease.Source {

    private final Dialer dialer;
    private final Route route;
    private final IdleConnectionLimit idleLimit;

    /** Idle HTTP/1.1 connections, the last used one at the end. Guarded by this. */
    private final Deque<Connection> idle = new ArrayDeque<>();

    /** The HTTP/2 connection that takes new exchanges. Guarded by this. */
    private Connection shared;

    /** How many leases wait for a connection or have one. Guarded by this. */
    private int users;

    /** Whether a connection is being opened that other leases wait for. Guarded by this. */
    private boolean probing;

    /** Whether only HTTP/1.1 is used, because the server has no HTTP/2 or it is not possible. Guarded by this. */
    private boolean plain;

    /** Guarded by this. */
    private List<Lease> waiting = new ArrayList<>();

    /** Whether the network has forgotten this pool. Guarded by this. */
    private boolean closed;

    RoutePool(Dialer dialer, Route route) {
        this.dialer = dialer;
        this.route = route;
        this.idleLimit = dialer.reactor().idleLimit();
        this.plain = !dialer.isHttp2Possible(route);
    }

    /** @return false if the pool is closed; the caller then has to ask the network for another one */
    synchronized boolean addUser() {
        if (!closed) {
            users++;
        }
        return !closed;
    }

    @Override
    public void request(Lease lease, boolean fresh) {
        ProxyException refusal = dialer.refusal(route);
        if (refusal != null) {
            synchronized (this) {
                users--;
            }
            lease.refused(refusal);
            return;
        }
        Connection found;
        boolean probe;
        synchronized (this) {
            found = find(fresh);
            if (found == null && probing) {
                waiting.add(lease);
                return;
            }
            probe = !plain;
            probing |= found == null && probe;
        }
        if (found != null) {
            lease.granted(found, true);
        } else {
            connect(lease, probe);
        }
    }

    @Override
    public void takeBack(Connection connection, Duration keepAlive, boolean good) {
        boolean close;
        boolean becameIdle;
        synchronized (this) {
            users--;
            boolean last = connection.takeBack();
            if (!good) {
                connection.retire();
            }
            boolean keep = !closed && connection.isUsable();
            if (keep && last) {
                connection.keepFor(keepAlive);
            }
            if (keep && !connection.isShared()) {
                idle.addLast(connection);
            }
            if (!keep && connection == shared) {
                shared = null;
            }
            close = last && (!keep || connection.isShared() && connection != shared);
            becameIdle = last && !close;
        }
        if (becameIdle) {
            idleLimit.added();
        }
        if (close) {
            connection.close(CloseMode.GRACEFUL);
        }
    }

    /** Called when the server accepts only HTTP/1.1. */
    void fallBackToHttp1() {
        Connection unused = null;
        synchronized (this) {
            plain = true;
            if (shared != null) {
                shared.retire();
                unused = shared.isIdle() ? shared : null;
                shared = null;
            }
        }
        idleLimit.removed(unused == null ? 0 : 1);
        if (unused != null) {
            unused.close(CloseMode.GRACEFUL);
        }
    }

    private synchronized boolean isHttp2Wanted() {
        return !plain;
    }

    /**
     * Closes idle connections.
     *
     * @param goes tells whether to close one; called under the lock of this pool
     * @return whether nothing is left; the pool is then closed
     */
    boolean sweep(Predicate<Connection> goes) {
        List<Connection> expired = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Connection> all = idle.iterator(); all.hasNext(); ) {
                Connection connection = all.next();
                if (goes.test(connection)) {
                    all.remove();
                    expired.add(connection);
                }
            }
            if (shared != null && shared.isIdle() && goes.test(shared)) {
                expired.add(shared);
                shared = null;
            }
            closed = users == 0 && idle.isEmpty() && shared == null;
        }
        idleLimit.removed(expired.size());
        expired.forEach(connection -> connection.close(CloseMode.GRACEFUL));
        return isClosed();
    }

    /** Adds the idle connections to the list. */
    synchronized void listIdle(List<IdleConnectionLimit.Idle> all) {
        idle.forEach(one -> all.add(evictable(one)));
        if (shared != null && shared.isIdle()) {
            all.add(evictable(shared));
        }
    }

    private IdleConnectionLimit.Idle evictable(Connection connection) {
        return new IdleConnectionLimit.Idle(connection.idleSinceNanos(), () -> evict(connection));
    }

    /** Closes a connection, if it is still idle. */
    private void evict(Connection connection) {
        synchronized (this) {
            boolean unused = connection == shared ? shared.isIdle() : idle.remove(connection);
            if (!unused) {
                return;
            }
            shared = connection == shared ? null : shared;
        }
        idleLimit.removed(1);
        connection.close(CloseMode.GRACEFUL);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Guarded by this. */
    @CheckForNull
    private Connection find(boolean fresh) {
        if (shared != null) {
            idleLimit.removed(shared.isIdle() ? 1 : 0);
            if (shared.isUsable()) {
                shared.lend();
                return shared;
            }
            shared = null;
        }
        while (!fresh) {
            Connection last = idle.pollLast();
            if (last == null) {
                return null;
            }
            idleLimit.removed(1);
            if (last.isUsable()) {
                last.lend();
                return last;
            }
        }
        return null;
    }

    private void connect(Lease lease, boolean probe) {
        ConnectionAttempt attempt = new ConnectionAttempt(
                dialer, route, lease.connectTimeout(), this::isHttp2Wanted, new ConnectionAttempt.Listener() {
                    @Override
                    public void connected(Connection connection) {
                        made(connection, lease, probe);
                    }

                    @Override
                    public void failed(Exception cause) {
                        notMade(cause, lease, probe);
                    }
                });
        if (lease.await(attempt)) {
            attempt.start();
        } else {
            attempt.cancel();
        }
    }

    private void made(Connection connection, Lease lease, boolean probe) {
        List<Lease> released;
        synchronized (this) {
            connection.lend(); // it was never idle
            if (connection.isShared()) {
                shared = shared == null ? connection : shared;
            } else {
                plain = true;
            }
            released = probe ? release() : List.of();
        }
        lease.granted(connection, false);
        released.forEach(other -> request(other, false));
    }

    private void notMade(Exception cause, Lease lease, boolean probe) {
        List<Lease> released;
        synchronized (this) {
            users--;
            released = probe ? release() : List.of();
        }
        lease.refused(cause);
        for (Lease other : released) {
            if (cause instanceof CancellationException) {
                request(other, false);
            } else {
                // all at once, so that they do not wait for a dead server one after the other
                connect(other, false);
            }
        }
    }

    /** Guarded by this. */
    private List<Lease> release() {
        List<Lease> released = waiting;
        waiting = new ArrayList<>();
        probing = false;
        return released;
    }
}
