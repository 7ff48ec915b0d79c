package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The branches that wait for others of their group to end, or for their group's pace, in the order of the source; those
 * that were refused repeatedly are the last, the most often refused at the very end. Has only the groups of which
 * something runs or waits. Guarded by the scheduler's lock.
 */
final class GroupLimits<B extends Branch> {

    private static final class Group<B extends Branch> {

        private static final Comparator<ScheduledBranch<?>> ORDER = Comparator
                .<ScheduledBranch<?>>comparingInt(ScheduledBranch::precedence)
                .thenComparingInt(ticket -> ticket.branch.index());

        /** The number of running attempts. */
        int running;

        final Queue<ScheduledBranch<B>> parked = new PriorityQueue<>(ORDER);

        /** Whether the timer will call when the next branch is due. */
        boolean watched;

        boolean isAnyBefore(ScheduledBranch<B> ticket) {
            return !parked.isEmpty() && ORDER.compare(parked.peek(), ticket) < 0;
        }
    }

    /** {@code null} if groups have no limit. */
    @CheckForNull
    private final GroupCapacity capacity;

    /** {@code null} if groups have no pace. */
    @CheckForNull
    private final GroupPace pace;

    private final ScheduledExecutorService timer;

    /** Called with the name of a group whose next start is due. The timer calls it, without the lock. */
    private final Consumer<String> due;

    private final Map<String, Group<B>> groups = new HashMap<>();
    private int parked;

    GroupLimits(ScheduleLimits limits, ScheduledExecutorService timer, Consumer<String> due) {
        this.capacity = limits.perGroup();
        this.pace = limits.pace();
        this.timer = timer;
        this.due = due;
    }

    /** How many branches wait here. */
    int parked() {
        return parked;
    }

    /**
     * Whether a branch could start now. It may not start before an earlier branch of its group that waits. If it only
     * has to wait for some time, the timer will call.
     */
    boolean hasRoom(ScheduledBranch<B> ticket) {
        if (ticket.group == null) {
            return true;
        }
        Group<B> group = groups.get(ticket.group);
        if (group != null && (room(ticket.group, group) <= 0 || group.isAnyBefore(ticket))) {
            return false;
        }
        Duration pause = capacity == null ? Duration.ZERO : capacity.pause(ticket.group);
        Duration interval = pace == null ? Duration.ZERO : pace.until(ticket.group);
        return isDue(ticket, pause.compareTo(interval) > 0 ? pause : interval);
    }

    private int room(String name, Group<B> group) {
        return capacity == null ? 1 : capacity.of(name) - group.running;
    }

    /**
     * Counts the start of a branch that has room and starts now.
     *
     * @return false if another user of the same pace has just taken the start; then the timer will call
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

    /** Removes the next branch of a group, so that it may try again; {@code null} if none waits. */
    @CheckForNull
    ScheduledBranch<B> unpark(String name) {
        Group<B> group = groups.get(name);
        ScheduledBranch<B> next = group == null ? null : group.parked.poll();
        if (next != null) {
            parked--;
        }
        return next;
    }

    /** Removes branches of a group that may try again. Called for the timer, which must be set again for the others. */
    List<ScheduledBranch<B>> unparkDue(String name) {
        Group<B> group = groups.get(name);
        if (group == null) {
            return List.of();
        }
        group.watched = false;
        return unparkAll(name, group);
    }

    /** With a pace, only one of them could start now. */
    private List<ScheduledBranch<B>> unparkAll(String name, Group<B> group) {
        if (group.parked.isEmpty()) {
            return List.of();
        }
        List<ScheduledBranch<B>> all = new ArrayList<>();
        int room = Math.min(room(name, group), pace == null ? group.parked.size() : 1);
        for (int i = 0; i < room; i++) {
            all.add(unpark(name));
        }
        return all;
    }

    /** Removes any waiting branch; {@code null} if none waits. */
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

    /** @return the next branches of its group, which may try to start now */
    List<ScheduledBranch<B>> ended(ScheduledBranch<B> ticket) {
        if (ticket.group == null) {
            return List.of();
        }
        Group<B> group = groups.get(ticket.group);
        group.running--;
        List<ScheduledBranch<B>> next = unparkAll(ticket.group, group);
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
