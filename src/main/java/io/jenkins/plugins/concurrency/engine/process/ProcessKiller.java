package io.jenkins.plugins.concurrency.engine.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
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
 * Ends processes with everything that they have started: first by request (SIGTERM, if the system has it), then by
 * force after a grace period.
 */
public final class ProcessKiller {

    /** How long a process may take to end by itself. */
    public static final Duration GRACE = Duration.ofSeconds(2);

    private static final long LOOK_MILLIS = 10;

    /** After so many complete looks without a result, all processes are gone. */
    private static final int QUIET_LOOKS = 2;

    /**
     * After so many looks without a result, all processes count as gone, although others start and end too fast to be
     * seen.
     */
    private static final int UNCLEAR_LOOKS = 50;

    private static final long QUIET_MILLIS = 3;

    /** How long processes are followed that start others again and again. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private ProcessKiller() {}

    /**
     * Ends a process, its descendants, and all processes with a cookie.
     *
     * @return completes when none of them is left; or when force has not helped within another {@link #GRACE}; or after
     *     20 s if they start others again and again
     */
    public static CompletionStage<Void> kill(ProcessHandle root, ProcessCookie cookie) {
        return kill(List.of(root), new ProcessSearch(cookie::isIn, List.of()));
    }

    /**
     * As above, and also ends the processes of process groups.
     *
     * @param leaders of groups
     */
    public static CompletionStage<Void> killGroups(Collection<ProcessHandle> leaders, ProcessCookie cookie) {
        return kill(leaders, new ProcessSearch(cookie::isIn, leaders));
    }

    /** Ends the same processes at once by force. */
    public static CompletionStage<Void> forceGroups(Collection<ProcessHandle> leaders, ProcessCookie cookie) {
        return force(leaders, new ProcessSearch(cookie::isIn, leaders));
    }

    /** Ends all processes with a cookie, and their descendants. */
    public static CompletionStage<Void> kill(ProcessCookie cookie) {
        return kill(List.of(), new ProcessSearch(cookie::isIn, List.of()));
    }

    private static CompletionStage<Void> kill(Collection<ProcessHandle> roots, ProcessSearch search) {
        Set<ProcessHandle> asked = new LinkedHashSet<>(roots);
        asked.addAll(search.scan(process -> {}).found());
        if (asked.isEmpty()) {
            return force(asked, search);
        }
        Set<ProcessHandle> processes = withDescendants(asked, children());
        processes.forEach(ProcessHandle::destroy);
        return allEnded(processes, endOfGrace()).thenCompose(ignored -> {
            search.forget();
            return force(processes, search);
        });
    }

    private static CompletionStage<Void> force(Collection<ProcessHandle> asked, ProcessSearch search) {
        return new Hunt(search, asked.isEmpty()).on(asked);
    }

    /**
     * Kills repeatedly until it is certain that no process is left: a process may start another one after it was found
     * and before it ends.
     */
    private static final class Hunt {

        private final ProcessSearch search;
        private final Set<ProcessHandle> known = new HashSet<>();
        private final long deadlineNanos = System.nanoTime() + LONGEST.toNanos();

        /** When to give up processes that are known and have not ended. */
        private long graceNanos = endOfGrace();

        private int quiet;
        private int unclear;

        /** @param idle whether nothing was running; then there is seldom a hidden process */
        Hunt(ProcessSearch search, boolean idle) {
            this.search = search;
            quiet = idle ? 1 : 0;
        }

        CompletionStage<Void> on(Collection<ProcessHandle> asked) {
            Map<Long, List<ProcessHandle>> children = children(); // as long as they have their parents
            ProcessSearch.Scan look = search.scan(ProcessHandle::destroyForcibly);
            Set<ProcessHandle> roots = new LinkedHashSet<>(look.found());
            roots.addAll(asked);
            Set<ProcessHandle> found = withDescendants(roots, children);
            found.removeIf(process -> !ProcessSearch.isRunning(process));
            found.forEach(ProcessHandle::destroyForcibly);
            return System.nanoTime() - deadlineNanos >= 0
                    ? CompletableFuture.completedFuture(null)
                    : found.isEmpty() ? onWithout(look) : onWith(found);
        }

        private CompletionStage<Void> onWith(Set<ProcessHandle> found) {
            if (known.addAll(found)) {
                graceNanos = endOfGrace();
            } else if (System.nanoTime() - graceNanos >= 0) {
                return CompletableFuture.completedFuture(null);
            }
            quiet = 0;
            unclear = 0;
            return allEnded(found, graceNanos).thenCompose(ignored -> on(found));
        }

        private CompletionStage<Void> onWithout(ProcessSearch.Scan look) {
            // a process that was found and has ended may have started another one before
            if (look.complete() && look.found().isEmpty()) {
                quiet++;
            } else {
                unclear++;
            }
            return quiet >= QUIET_LOOKS || unclear >= UNCLEAR_LOOKS
                    ? CompletableFuture.completedFuture(null)
                    : later(QUIET_MILLIS).thenCompose(ignored -> on(Set.of()));
        }
    }

    private static long endOfGrace() {
        return System.nanoTime() + GRACE.toNanos();
    }

    /**
     * Completes when all have ended or the time is over. It polls, because the system only reports when a process is no
     * longer listed. The parent has to remove it from the list, and may do that late or never.
     */
    private static CompletionStage<Void> allEnded(Collection<ProcessHandle> processes, long deadlineNanos) {
        List<ProcessHandle> left = processes.stream().filter(ProcessSearch::isRunning).toList();
        if (left.isEmpty() || System.nanoTime() - deadlineNanos >= 0) {
            return CompletableFuture.completedFuture(null);
        }
        return later(LOOK_MILLIS).thenCompose(ignored -> allEnded(left, deadlineNanos));
    }

    private static CompletableFuture<Void> later(long millis) {
        Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> {}, later);
    }

    /**
     * The children of all processes of the machine, by the ids of their parents. To ask for the children of one process
     * takes as long, and would be too slow for processes that start others again and again.
     */
    private static Map<Long, List<ProcessHandle>> children() {
        Map<Long, List<ProcessHandle>> children = new HashMap<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.forEach(process -> process.parent().ifPresent(parent -> children
                    .computeIfAbsent(parent.pid(), pid -> new ArrayList<>())
                    .add(process)));
        }
        return children;
    }

    private static Set<ProcessHandle> withDescendants(
            Collection<ProcessHandle> roots, Map<Long, List<ProcessHandle>> children) {
        Set<ProcessHandle> found = new LinkedHashSet<>(roots);
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
