package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The branches that the source has yielded and that are not under way. They wait for room, for others of their group,
 * for the gate, or for their next attempt. Guarded by the scheduler's lock.
 */
final class WaitingBranches<B extends Branch> {

    /** How many branches may wait for their group or their retry before the source is left alone. */
    private static final int MAX_WAITING_PER_SLOT = 16;

    private static final int MIN_WAITING = 1_000;

    private final ScheduleLimits limits;
    private final ScheduledExecutorService timer;
    private final Runnable wake;
    private final Deque<ScheduledBranch<B>> ready = new ArrayDeque<>();
    private final Set<ScheduledBranch<B>> pausing = new LinkedHashSet<>();
    private final GroupLimits<B> groups;

    /** Asks the gate again; {@code null} unless it is closed. */
    private Future<?> closedGate;

    /**
     * @param wake called by the timer, without the lock, when the gate may be asked again
     * @param due called with the name of a group whose next start is due, by the timer and without the lock
     */
    WaitingBranches(ScheduleLimits limits, ScheduledExecutorService timer, Runnable wake, Consumer<String> due) {
        this.limits = limits;
        this.timer = timer;
        this.wake = wake;
        this.groups = new GroupLimits<>(limits.perGroup(), limits.pace(), timer, due);
    }

    boolean isEmpty() {
        return ready.isEmpty() && pausing.isEmpty() && groups.parked() == 0;
    }

    /** Whether nothing that the source has could start now, or too much waits already. */
    boolean isEnough() {
        int waiting = pausing.size() + groups.parked();
        return closedGate != null || waiting >= Math.max(MIN_WAITING, limits.width() * MAX_WAITING_PER_SLOT);
    }

    /** The next that may start now, which it then does; {@code null} if none may. */
    @CheckForNull
    ScheduledBranch<B> next() {
        ScheduledBranch<B> next = null;
        while (next == null && !ready.isEmpty() && closedGate == null) {
            next = startOrKeep(ready.poll());
        }
        return next;
    }

    /** Any that waits for something else than its pause, begun without regard to limits; {@code null} if none does. */
    @CheckForNull
    ScheduledBranch<B> any() {
        ScheduledBranch<B> any = ready.isEmpty() ? groups.unparkAny() : ready.poll();
        return any == null ? null : begun(any);
    }

    /** The ticket if it may start now, which it then does; else it waits: for its group or, before all, for the gate. */
    @CheckForNull
    ScheduledBranch<B> startOrKeep(ScheduledBranch<B> ticket) {
        if (groups.hasRoom(ticket)) {
            if (!passesGate()) {
                ready.addFirst(ticket);
                return null;
            }
            if (groups.claim(ticket)) {
                return begun(ticket);
            }
        }
        groups.park(ticket);
        return null;
    }

    /** Notes a ticket that does not wait, whatever the limits. */
    ScheduledBranch<B> begun(ScheduledBranch<B> ticket) {
        groups.begun(ticket);
        return ticket;
    }

    /** Notes that a ticket is not under way any more: the next of its group may try. */
    void ended(ScheduledBranch<B> ticket) {
        addReady(groups.ended(ticket));
    }

    /** It is time for the next of a group to try. */
    void groupIsDue(String name) {
        addReady(groups.unparkDue(name));
    }

    /** @param end called by the timer, without the lock */
    void pause(ScheduledBranch<B> ticket, Duration pause, Runnable end) {
        pausing.add(ticket);
        ticket.timer = timer.schedule(end, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** It is time for a ticket's next attempt, unless its pause was ended before. */
    void pauseEnded(ScheduledBranch<B> ticket) {
        if (pausing.remove(ticket)) {
            ready.add(ticket);
        }
    }

    void endPauses() {
        pausing.forEach(ScheduledBranch::stopTimer);
        ready.addAll(pausing);
        pausing.clear();
    }

    /** The gate may be open. */
    void askGateAgain() {
        if (closedGate != null) {
            closedGate.cancel(false);
            closedGate = null;
        }
    }

    /** While it is closed the timer wakes the scheduler again and again; there may be no other event to wait for. */
    private boolean passesGate() {
        Duration pause = limits.gate().pause();
        if (pause.isZero()) {
            limits.gate().passed();
            return true;
        }
        closedGate = timer.schedule(wake, Math.max(1, pause.toNanos()), TimeUnit.NANOSECONDS);
        return false;
    }

    private void addReady(@CheckForNull ScheduledBranch<B> ticket) {
        if (ticket != null) {
            ready.add(ticket);
        }
    }
}
