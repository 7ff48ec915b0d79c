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
 * Ends processes with all that they have started: first by request (SIGTERM where there is such a thing), then by force
 * after a grace period.
 */
public final class ProcessKiller {

    /** How long a process may take to end by itself. */
    public static final Duration GRACE = Duration.ofSeconds(2);

    private static final long LOOK_MILLIS = 10;

    /** Complete looks without a find, after which all are gone. */
    private static final int QUIET_LOOKS = 2;

    /** Looks without a find, after which all are taken to be gone though others come and go too fast to be seen. */
    private static final int UNCLEAR_LOOKS = 50;

    private static final long QUIET_MILLIS = 3;

    /** How long processes that start others all the time are hunted. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private ProcessKiller() {}

    /**
     * Ends a process, its descendants, and all processes that carry a cookie.
     *
     * @return completes when none of them is left, or when even force did not help within another {@link #GRACE}, or
     *     after 20 s if they keep starting others
     */
    public static CompletionStage<Void> kill(ProcessHandle root, ProcessCookie cookie) {
        return kill(List.of(root), new ProcessSearch(cookie::isIn, List.of()));
    }

    /**
     * Ends processes that belong to a process group too, as the one above.
     *
     * @param leaders of groups
     */
    public static CompletionStage<Void> killGroups(Collection<ProcessHandle> leaders, ProcessCookie cookie) {
        return kill(leaders, new ProcessSearch(cookie::isIn, leaders));
    }

    /** Ends the same processes without asking, for what can't wait. */
    public static CompletionStage<Void> forceGroups(Collection<ProcessHandle> leaders, ProcessCookie cookie) {
        return force(leaders, new ProcessSearch(cookie::isIn, leaders));
    }

    /** Ends all processes that carry a cookie, with their descendants. */
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
        return allEnded(processes, endOfGrace()).thenCompose(ignored -> force(processes, search));
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

        /** When what is known and still there is given up. */
        private long graceNanos = endOfGrace();

        private int quiet;
        private int unclear;

        /** @param idle whether nothing was at work: then there is seldom a hidden process */
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
            // what was found and has ended meanwhile may have started another before that
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
     * Completes when all have ended or the time is over. It polls: the system only reports when a process is no longer
     * listed, and the parent, which has to remove it from the list, may do that late or never.
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
     * By the ids of their parents, with one look at all processes of the machine. Asked one by one, each would take such a
     * look, and those that start others all the time would be faster.
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
