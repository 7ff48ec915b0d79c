package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ends processes with all that they have started: asked first (SIGTERM where there is such a thing), forced after a
 * grace period.
 */
public final class ProcessKiller {

    /** How long a process may take to end by itself. */
    public static final Duration GRACE = Duration.ofSeconds(2);

    private static final long LOOK_MILLIS = 10;

    private static final int QUIET_LOOKS = 3;
    private static final long QUIET_MILLIS = 3;

    /** How long processes that start others all the time are hunted. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private ProcessKiller() {}

    /**
     * Ends a process, its descendants, and all processes that carry a cookie.
     *
     * @return completes when none of them is left, or when even force did not help within another {@link #GRACE}, or
     *     after 20 s if they go on starting others
     */
    @NonNull
    public static CompletionStage<Void> kill(@NonNull ProcessHandle root, @NonNull ProcessCookie cookie) {
        Set<ProcessHandle> roots = new LinkedHashSet<>(cookie.processes());
        roots.add(root);
        return kill(roots, new Sought(cookie, List.of()));
    }

    /**
     * Ends processes that belong to a process group too, as the one above.
     *
     * @param leaders of groups
     */
    @NonNull
    public static CompletionStage<Void> killGroups(
            @NonNull Collection<ProcessHandle> leaders, @NonNull ProcessCookie cookie) {
        Sought sought = Sought.ofGroups(leaders, cookie);
        Set<ProcessHandle> roots = sought.processes();
        roots.addAll(leaders);
        return kill(roots, sought);
    }

    /** Ends the same processes without asking, for what can't wait. */
    @NonNull
    public static CompletionStage<Void> forceGroups(
            @NonNull Collection<ProcessHandle> leaders, @NonNull ProcessCookie cookie) {
        Sought sought = Sought.ofGroups(leaders, cookie);
        Set<ProcessHandle> roots = sought.processes();
        roots.addAll(leaders);
        return force(roots, sought);
    }

    /** Ends all processes that carry a cookie, with their descendants. */
    @NonNull
    public static CompletionStage<Void> kill(@NonNull ProcessCookie cookie) {
        return kill(new LinkedHashSet<>(cookie.processes()), new Sought(cookie, List.of()));
    }

    private static CompletionStage<Void> kill(Set<ProcessHandle> roots, Sought sought) {
        if (roots.isEmpty()) {
            return force(roots, sought);
        }
        Set<ProcessHandle> processes = withDescendants(roots);
        processes.forEach(ProcessHandle::destroy);
        return allEnded(processes, endOfGrace()).thenCompose(ignored -> force(processes, sought));
    }

    private static CompletionStage<Void> force(Set<ProcessHandle> asked, Sought sought) {
        long deadlineNanos = System.nanoTime() + LONGEST.toNanos();
        int quiet = asked.isEmpty() ? 1 : 0; // where nobody was at work, there is seldom anybody to hide
        return force(asked, Set.of(), sought, quiet, endOfGrace(), deadlineNanos);
    }

    /**
     * Again and again, since what is to be killed may start another process between its being found and its end: as long
     * as there are such, and until nothing was found some times in a row. A process has no environment for a moment while it
     * becomes another program, and one that was started while others were looked at is not seen.
     *
     * @param known what was found before
     * @param quiet how often in a row nothing was found
     * @param graceNanos when what is known and still there is given up
     */
    private static CompletionStage<Void> force(
            Set<ProcessHandle> asked,
            Set<ProcessHandle> known,
            Sought sought,
            int quiet,
            long graceNanos,
            long deadlineNanos) {
        Set<ProcessHandle> found = forceOnce(asked, sought);
        long now = System.nanoTime();
        boolean another = !known.containsAll(found);
        if (now - deadlineNanos >= 0 || !another && !found.isEmpty() && now - graceNanos >= 0) {
            return CompletableFuture.completedFuture(null);
        }
        if (!found.isEmpty()) {
            Set<ProcessHandle> all = new LinkedHashSet<>(known);
            all.addAll(found);
            long grace = another ? endOfGrace() : graceNanos;
            return allEnded(found, grace).thenCompose(ignored -> force(found, all, sought, 0, grace, deadlineNanos));
        }
        if (quiet + 1 >= QUIET_LOOKS) {
            return CompletableFuture.completedFuture(null);
        }
        return later(QUIET_MILLIS)
                .thenCompose(ignored -> force(Set.of(), known, sought, quiet + 1, graceNanos, deadlineNanos));
    }

    /** Returns what was found, also where it has ended meanwhile: before that it may have started another. */
    private static Set<ProcessHandle> forceOnce(Set<ProcessHandle> asked, Sought sought) {
        Set<ProcessHandle> roots = sought.processes();
        roots.addAll(asked);
        Set<ProcessHandle> found = withDescendants(roots);
        found.removeIf(process -> !isRunning(process));
        found.forEach(ProcessHandle::destroyForcibly);
        return found;
    }

    /** What processes are known by, whoever their parents are. */
    private record Sought(ProcessCookie cookie, List<ProcessGroup> groups) {

        static Sought ofGroups(Collection<ProcessHandle> leaders, ProcessCookie cookie) {
            return new Sought(
                    cookie,
                    leaders.stream().map(leader -> new ProcessGroup(leader.pid())).toList());
        }

        Set<ProcessHandle> processes() {
            Set<ProcessHandle> found = new LinkedHashSet<>(cookie.processes());
            groups.forEach(group -> found.addAll(group.processes()));
            return found;
        }
    }

    private static long endOfGrace() {
        return System.nanoTime() + GRACE.toNanos();
    }

    /**
     * Completes when all have ended or the time is over. Looks again and again rather than asking to be told: the
     * system tells only when a process is no longer listed, and the parent that has to see to that may take its time or
     * never do it.
     */
    private static CompletionStage<Void> allEnded(Collection<ProcessHandle> processes, long deadlineNanos) {
        List<ProcessHandle> left = processes.stream().filter(ProcessKiller::isRunning).toList();
        if (left.isEmpty() || System.nanoTime() - deadlineNanos >= 0) {
            return CompletableFuture.completedFuture(null);
        }
        return later(LOOK_MILLIS).thenCompose(ignored -> allEnded(left, deadlineNanos));
    }

    private static CompletableFuture<Void> later(long millis) {
        Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> {}, later);
    }

    /** Whether a process is alive and not only still listed after its end. */
    public static boolean isRunning(@NonNull ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /**
     * With one look at all processes of the machine. Asked one by one, each would take such a look, and those that start
     * others all the time would be faster.
     */
    private static Set<ProcessHandle> withDescendants(Collection<ProcessHandle> roots) {
        Set<ProcessHandle> found = new LinkedHashSet<>(roots);
        if (roots.isEmpty()) {
            return found;
        }
        Map<Long, List<ProcessHandle>> children = new HashMap<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.forEach(process -> process.parent().ifPresent(parent -> children
                    .computeIfAbsent(parent.pid(), pid -> new ArrayList<>())
                    .add(process)));
        }
        Deque<ProcessHandle> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            for (ProcessHandle child : children.getOrDefault(open.remove().pid(), List.of())) {
                if (found.add(child)) {
                    open.add(child);
                }
            }
        }
        return found;
    }
}
