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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
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
    static final Duration HEAD_START = Duration.ofMillis(250);

    /**
     * I/O threads check time limits several times in a second. If one is later than this, it was busy, or the machine
     * was: then it is not known whether an address has answered in time, and all are tried again, once.
     */
    private static final long LATE_NANOS = Duration.ofMillis(500).toNanos();

    private final Dialer dialer;
    private final Origin peer;
    private final List<InetAddress> addresses;
    private final long limitNanos;
    private final ObjLongConsumer<ProtocolIOSession> winner;
    private final Consumer<Exception> failure;

    // Guarded by this.
    private final Deque<InetAddress> untried = new ArrayDeque<>();
    private final List<Future<?>> openings = new ArrayList<>();
    private int unanswered;
    private long deadlineNanos;
    private boolean repeated;
    private Future<?> headStart;
    private boolean over;

    /** @param winner told how many nanoseconds of the limit are left */
    AddressRace(
            Dialer dialer,
            Origin peer,
            List<InetAddress> addresses,
            long limitNanos,
            ObjLongConsumer<ProtocolIOSession> winner,
            Consumer<Exception> failure) {
        this.dialer = dialer;
        this.peer = peer;
        this.addresses = inOrder(addresses, dialer.lastConnected(peer));
        this.limitNanos = limitNanos;
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

    /** Tries the first address. Fails at once if the limit is used up. */
    void start() {
        begin();
        connectToNext(new SocketTimeoutException());
    }

    private synchronized void begin() {
        untried.clear();
        untried.addAll(addresses);
        deadlineNanos = System.nanoTime() + limitNanos;
    }

    /**
     * Tries one more address, while earlier ones may still answer.
     *
     * @param cause why the race fails if there is no address or no time for it, and no earlier one may answer
     */
    private void connectToNext(Exception cause) {
        InetAddress next;
        long leftNanos;
        boolean last;
        synchronized (this) {
            leftNanos = deadlineNanos - System.nanoTime();
            next = over || leftNanos <= 0 ? null : untried.poll();
            last = next == null && unanswered == 0;
            if (next != null) {
                unanswered++;
                headStart = untried.isEmpty()
                        ? null
                        : dialer.reactor().schedule(HEAD_START, () -> connectToNext(new SocketTimeoutException()));
            }
        }
        if (last) {
            fail(cause);
        }
        if (next == null) {
            return;
        }
        Future<?> opening;
        try {
            opening = dialer.reactor()
                    .connect(
                            peer,
                            next,
                            Duration.ofNanos(Math.max(MIN_NANOS, leftNanos)),
                            peer.isSecure() ? ProtocolNegotiation::new : Http1Protocol::handler,
                            new ResultCallback<>(session -> opened(session, next, leftNanos), this::notOpened));
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

    private void notOpened(Exception cause) {
        synchronized (this) {
            unanswered--;
            if (over) {
                return;
            }
            if (!repeated && System.nanoTime() - deadlineNanos > LATE_NANOS) {
                repeated = true;
                begin();
            }
            if (headStart != null) {
                headStart.cancel(false);
            }
        }
        connectToNext(cause);
    }

    /** @param leftNanos what was left of the limit when this address was tried */
    private void opened(IOSession opened, InetAddress answering, long leftNanos) {
        if (end()) {
            dialer.rememberConnected(peer, answering);
            long tookMillis = System.currentTimeMillis() - opened.getLastEventTime(); // when the I/O thread began
            long tookNanos = TimeUnit.MILLISECONDS.toNanos(Math.max(0, tookMillis));
            winner.accept((ProtocolIOSession) opened, leftNanos - tookNanos);
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
