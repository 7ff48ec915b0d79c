package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.fetch.destination.Origin;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/**
 * Connects to one of a host's addresses. If one does not answer soon, the next one is tried too, and the first that
 * answers is used (RFC 8305). Reports its end once, from any thread, unless it was cancelled.
 */
final class AddressRace {

    private static final long MIN_NANOS = 1_000_000;

    /** How long only one address is tried. */
    private static final Duration HEAD_START = Duration.ofMillis(250);

    /**
     * I/O threads check time limits several times in a second. If one is later than this, it was busy, or the machine
     * was: then it is not known whether the address has answered in time.
     */
    private static final long LATE_NANOS = Duration.ofMillis(500).toNanos();

    private final Dialer dialer;
    private final Origin peer;
    private final long limitNanos;
    private final Consumer<ProtocolIOSession> winner;
    private final Consumer<Exception> failure;

    // Guarded by this.
    private final Deque<InetAddress> untried;
    private final List<Future<?>> openings = new ArrayList<>();
    private int unanswered;
    private long deadlineNanos;
    private Future<?> headStart;
    private boolean over;

    AddressRace(
            Dialer dialer,
            Origin peer,
            List<InetAddress> addresses,
            long limitNanos,
            Consumer<ProtocolIOSession> winner,
            Consumer<Exception> failure) {
        this.dialer = dialer;
        this.peer = peer;
        this.untried = new ArrayDeque<>(inOrder(addresses, dialer.lastConnected(peer)));
        this.limitNanos = limitNanos;
        this.deadlineNanos = System.nanoTime() + limitNanos;
        this.winner = winner;
        this.failure = failure;
    }

    /**
     * First the address that worked before, then IPv4 and IPv6 by turns. If one of them does not work, the other one is
     * tried next.
     */
    static List<InetAddress> inOrder(List<InetAddress> addresses, @CheckForNull InetAddress proven) {
        List<InetAddress> rest = new ArrayList<>(addresses);
        List<InetAddress> ordered = new ArrayList<>();
        InetAddress next = rest.contains(proven) ? proven : rest.get(0);
        while (next != null) {
            rest.remove(next);
            ordered.add(next);
            Class<?> family = next.getClass();
            next = rest.stream()
                    .filter(other -> other.getClass() != family)
                    .findFirst()
                    .orElse(rest.isEmpty() ? null : rest.get(0));
        }
        return ordered;
    }

    /** Tries the first address. Each later call tries one more, while the earlier ones may still answer. */
    void connectToNext() {
        InetAddress next;
        long leftNanos;
        synchronized (this) {
            next = over ? null : untried.poll();
            if (next == null) {
                return;
            }
            unanswered++;
            leftNanos = deadlineNanos - System.nanoTime();
            headStart = untried.isEmpty() ? null : dialer.reactor().schedule(HEAD_START, this::connectToNext);
        }
        Future<?> opening;
        try {
            opening = dialer.reactor()
                    .connect(
                            peer,
                            next,
                            Duration.ofNanos(Math.max(MIN_NANOS, leftNanos)),
                            peer.isSecure() ? ProtocolNegotiation::new : Http1Protocol::handler,
                            new ResultCallback<>(session -> opened(session, next), cause -> notOpened(next, cause)));
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        synchronized (this) {
            if (!over) {
                openings.add(opening);
                return;
            }
        }
        opening.cancel(true);
    }

    /** Stops the race, if it has not ended. */
    void cancel() {
        end();
    }

    private void notOpened(InetAddress address, Exception cause) {
        boolean last;
        synchronized (this) {
            unanswered--;
            if (over) {
                return;
            }
            if (cause instanceof SocketTimeoutException && System.nanoTime() - deadlineNanos > LATE_NANOS) {
                untried.addFirst(address);
                deadlineNanos = System.nanoTime() + limitNanos;
            }
            last = unanswered == 0 && untried.isEmpty();
            if (headStart != null) {
                headStart.cancel(false);
            }
        }
        if (last) {
            fail(cause);
        } else {
            connectToNext();
        }
    }

    private void opened(IOSession opened, InetAddress answering) {
        if (end()) {
            dialer.rememberConnected(peer, answering);
            winner.accept((ProtocolIOSession) opened);
        } else {
            opened.close(CloseMode.IMMEDIATE);
        }
    }

    private void fail(Exception cause) {
        if (end()) {
            failure.accept(cause);
        }
    }

    /** Ends the race and cancels connections that are still being opened. Returns false if it had ended before. */
    private boolean end() {
        List<Future<?>> unneeded;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            unneeded = List.copyOf(openings);
            if (headStart != null) {
                headStart.cancel(false);
            }
        }
        unneeded.forEach(opening -> opening.cancel(true));
        return true;
    }
}
