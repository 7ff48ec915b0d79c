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
 * The branches that the source has yielded and that are not running. They wait for room, for others of their group, for
 * the gate, or for their next attempt. Guarded by the scheduler's lock.
 */
final class WaitingBranches<B extends Branch> {

    /** If so many branches wait for their group or their retry, no more are taken from the source. */
    private static final int MAX_WAITING_PER_SLOT = 16;

    private static final int MIN_WAITING = 1_000;

    private final ScheduleLimits limits;
    private final ScheduledExecutorService timer;
    private final Runnable wake;
    private final Deque<ScheduledBranch<B>> ready = new ArrayDeque<>();
    private final Set<ScheduledBranch<B>> pausing = new LinkedHashSet<>();
    private final GroupLimits<B> groups;

    /** Asks the gate again; {@code null} if the gate is open. */
    private Future<?> closedGate;

    /**
     * @param wake called by the timer, without the lock, when the gate may be asked again
     * @param due called by the timer, without the lock, with the name of a group whose next start is due
     */
    WaitingBranches(ScheduleLimits limits, ScheduledExecutorService timer, Runnable wake, Consumer<String> due) {
        this.limits = limits;
        this.timer = timer;
        this.wake = wake;
        this.groups = new GroupLimits<>(limits, timer, due);
    }

    boolean isEmpty() {
        return ready.isEmpty() && pausing.isEmpty() && groups.parked() == 0;
    }

    /** Whether no further branch could start now, or too many wait already. */
    boolean isEnough() {
        int waiting = pausing.size() + groups.parked();
        return closedGate != null || waiting >= Math.max(MIN_WAITING, limits.width() * MAX_WAITING_PER_SLOT);
    }

    /** Takes the next branch that may start now; {@code null} if there is none. */
    @CheckForNull
    ScheduledBranch<B> next() {
        ScheduledBranch<B> next = null;
        while (next == null && !ready.isEmpty() && closedGate == null) {
            next = startOrKeep(ready.poll());
        }
        return next;
    }

    /** Takes any branch that does not wait for a pause, whatever the limits are; {@code null} if there is none. */
    @CheckForNull
    ScheduledBranch<B> any() {
        ScheduledBranch<B> any = ready.isEmpty() ? groups.unparkAny() : ready.poll();
        return any == null ? null : begun(any);
    }

    /** Returns the branch if it may start now. Otherwise it waits: for its group or, as the first one, for the gate. */
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

    /** Counts a branch that does not wait, whatever the limits are. */
    ScheduledBranch<B> begun(ScheduledBranch<B> ticket) {
        groups.begun(ticket);
        return ticket;
    }

    /** Called when a branch is no longer running. The next ones of its group may try. */
    void ended(ScheduledBranch<B> ticket) {
        ready.addAll(groups.ended(ticket));
    }

    /** Called when the next branches of a group may try. */
    void groupIsDue(String name) {
        ready.addAll(groups.unparkDue(name));
    }

    /** @param end called by the timer, without the lock */
    void pause(ScheduledBranch<B> ticket, Duration pause, Runnable end) {
        pausing.add(ticket);
        ticket.timer = timer.schedule(end, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Called when it is time for the next attempt of a branch, unless its pause has ended before. */
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

    /** Called when the gate may be open. */
    void askGateAgain() {
        if (closedGate != null) {
            closedGate.cancel(false);
            closedGate = null;
        }
    }

    /** While it is closed, the timer wakes the scheduler again and again, because there may be no other event. */
    private boolean passesGate() {
        Duration pause = limits.gate().pause();
        if (pause.isZero()) {
            limits.gate().passed();
            return true;
        }
        closedGate = timer.schedule(wake, Math.max(1, pause.toNanos()), TimeUnit.NANOSECONDS);
        return false;
    }
}
