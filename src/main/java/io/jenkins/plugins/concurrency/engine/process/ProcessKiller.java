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

    private ProcessKiller() {}

    /**
     * Ends a process, its descendants, and all processes that carry a cookie.
     *
     * @return completes when none of them is left, or when even force did not help within another {@link #GRACE}
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
        Sought sought = new Sought(
                cookie,
                leaders.stream().map(leader -> new ProcessGroup(leader.pid())).toList());
        Set<ProcessHandle> roots = sought.processes();
        roots.addAll(leaders);
        return kill(roots, sought);
    }

    /** Ends all processes that carry a cookie, with their descendants. */
    @NonNull
    public static CompletionStage<Void> kill(@NonNull ProcessCookie cookie) {
        return kill(new LinkedHashSet<>(cookie.processes()), new Sought(cookie, List.of()));
    }

    private static CompletionStage<Void> kill(Set<ProcessHandle> roots, Sought sought) {
        if (roots.isEmpty()) {
            return force(roots, sought, endOfGrace());
        }
        Set<ProcessHandle> processes = withDescendants(roots);
        processes.forEach(ProcessHandle::destroy);
        return allEnded(processes, endOfGrace()).thenCompose(ignored -> force(processes, sought, endOfGrace()));
    }

    /**
     * Again and again, since what is to be killed may start another process between its being found and its end. Done
     * when nothing was found twice in a row: a process has no environment for a moment while it becomes another program.
     */
    private static CompletionStage<Void> force(Set<ProcessHandle> asked, Sought sought, long deadlineNanos) {
        Set<ProcessHandle> left = forceOnce(asked, sought);
        if (System.nanoTime() - deadlineNanos >= 0) {
            return CompletableFuture.completedFuture(null);
        }
        if (!left.isEmpty()) {
            return allEnded(left, deadlineNanos).thenCompose(ignored -> force(left, sought, deadlineNanos));
        }
        return later().thenCompose(ignored -> {
            Set<ProcessHandle> hidden = forceOnce(Set.of(), sought);
            return hidden.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : force(hidden, sought, deadlineNanos);
        });
    }

    private static Set<ProcessHandle> forceOnce(Set<ProcessHandle> asked, Sought sought) {
        Set<ProcessHandle> roots = sought.processes();
        asked.stream().filter(ProcessKiller::isRunning).forEach(roots::add);
        Set<ProcessHandle> left = withDescendants(roots);
        left.forEach(ProcessHandle::destroyForcibly);
        left.removeIf(process -> !isRunning(process));
        return left;
    }

    /** What processes are known by, whoever their parents are. */
    private record Sought(ProcessCookie cookie, List<ProcessGroup> groups) {

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
        return later().thenCompose(ignored -> allEnded(left, deadlineNanos));
    }

    private static CompletableFuture<Void> later() {
        Executor later = CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
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
