package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The branches that wait for others of their group to end, or for their group's pace, in the order of the source. Has
 * only the groups of which something runs or waits. Guarded by the scheduler's lock.
 */
final class GroupLimits<B extends Branch> {

    private static final class Group<B extends Branch> {

        /** Attempts under way. */
        int running;

        final Queue<ScheduledBranch<B>> parked = new PriorityQueue<>(Comparator.comparingInt(ticket -> ticket.branch.index()));

        /** Whether the timer tells when it is time for the next of them. */
        boolean watched;

        boolean isAnyBefore(ScheduledBranch<B> ticket) {
            return !parked.isEmpty() && parked.peek().branch.index() < ticket.branch.index();
        }
    }

    private final int limit;

    /** {@code null} if none follows any. */
    private final GroupPace pace;

    private final ScheduledExecutorService timer;

    /** Called with the name of a group whose next start is due, by the timer and without the lock. */
    private final Consumer<String> due;

    private final Map<String, Group<B>> groups = new HashMap<>();
    private int parked;

    GroupLimits(int limit, @CheckForNull GroupPace pace, ScheduledExecutorService timer, Consumer<String> due) {
        this.limit = limit;
        this.pace = pace;
        this.timer = timer;
        this.due = due;
    }

    /** How many wait. */
    int parked() {
        return parked;
    }

    /**
     * Whether the ticket could start now; not before an earlier one of its group that waits. If it is a matter of time,
     * the timer tells when.
     */
    boolean hasRoom(ScheduledBranch<B> ticket) {
        if (ticket.group == null) {
            return true;
        }
        Group<B> group = groups.get(ticket.group);
        if (group != null && (limit > 0 && group.running >= limit || group.isAnyBefore(ticket))) {
            return false;
        }
        return pace == null || isDue(ticket, pace.until(ticket.group));
    }

    /**
     * Takes the turn of a ticket for which there is room and which then starts.
     *
     * @return false if what keeps the same pace elsewhere has just taken it; the timer tells when the next one is
     */
    boolean claim(ScheduledBranch<B> ticket) {
        if (ticket.group == null || pace == null) {
            return true;
        }
        if (!isDue(ticket, pace.claim(ticket.group))) {
            return false;
        }
        Group<B> group = groups.get(ticket.group);
        if (group != null && !group.parked.isEmpty()) {
            watch(ticket.group, group, pace.until(ticket.group));
        }
        return true;
    }

    private boolean isDue(ScheduledBranch<B> ticket, Duration wait) {
        if (!wait.isZero()) {
            watch(ticket.group, groupOf(ticket), wait);
        }
        return wait.isZero();
    }

    void park(ScheduledBranch<B> ticket) {
        groupOf(ticket).parked.add(ticket);
        parked++;
    }

    /** The next of a group that may try again; {@code null} if none waits. */
    @CheckForNull
    ScheduledBranch<B> unpark(String name) {
        Group<B> group = groups.get(name);
        ScheduledBranch<B> next = group == null ? null : group.parked.poll();
        if (next != null) {
            parked--;
        }
        return next;
    }

    /** As {@link #unpark}, by the timer, which has to be asked again for the one after it. */
    @CheckForNull
    ScheduledBranch<B> unparkDue(String name) {
        Group<B> group = groups.get(name);
        if (group == null) {
            return null;
        }
        group.watched = false;
        return unpark(name);
    }

    /** Any that waits; {@code null} if none does. */
    @CheckForNull
    ScheduledBranch<B> unparkAny() {
        for (String name : groups.keySet()) {
            ScheduledBranch<B> next = unpark(name);
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    void begun(ScheduledBranch<B> ticket) {
        if (ticket.group != null) {
            groupOf(ticket).running++;
        }
    }

    /** @return the next of its group that may try now; {@code null} if none waits */
    @CheckForNull
    ScheduledBranch<B> ended(ScheduledBranch<B> ticket) {
        if (ticket.group == null) {
            return null;
        }
        Group<B> group = groups.get(ticket.group);
        group.running--;
        ScheduledBranch<B> next = unpark(ticket.group);
        if (group.running == 0 && group.parked.isEmpty()) {
            groups.remove(ticket.group);
        }
        return next;
    }

    private Group<B> groupOf(ScheduledBranch<B> ticket) {
        return groups.computeIfAbsent(ticket.group, name -> new Group<>());
    }

    private void watch(String name, Group<B> group, Duration wait) {
        if (!group.watched) {
            group.watched = true;
            timer.schedule(() -> due.accept(name), wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
