package io.jenkins.plugins.concurrency.engine.process;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
        return kill(union(treeOf(root), cookie.processes()), cookie);
    }

    /** Ends all processes that carry a cookie, with their descendants. */
    @NonNull
    public static CompletionStage<Void> kill(@NonNull ProcessCookie cookie) {
        return kill(union(List.of(), cookie.processes()), cookie);
    }

    private static CompletionStage<Void> kill(Set<ProcessHandle> processes, ProcessCookie cookie) {
        if (processes.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        processes.forEach(ProcessHandle::destroy);
        return allEnded(processes, endOfGrace()).thenCompose(ignored -> force(processes, cookie, endOfGrace()));
    }

    /** Again and again, since what is to be killed may start another process between its being found and its end. */
    private static CompletionStage<Void> force(Set<ProcessHandle> asked, ProcessCookie cookie, long deadlineNanos) {
        Set<ProcessHandle> left = new LinkedHashSet<>(cookie.processes());
        asked.stream().filter(ProcessKiller::isRunning).flatMap(process -> treeOf(process).stream()).forEach(left::add);
        left.forEach(ProcessHandle::destroyForcibly);
        if (left.isEmpty() || System.nanoTime() - deadlineNanos >= 0) {
            return CompletableFuture.completedFuture(null);
        }
        return allEnded(left, deadlineNanos).thenCompose(ignored -> force(left, cookie, deadlineNanos));
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
        Executor later = CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> {}, later).thenCompose(ignored -> allEnded(left, deadlineNanos));
    }

    /** Whether a process is alive and not only still listed after its end. */
    public static boolean isRunning(@NonNull ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private static Set<ProcessHandle> union(Collection<ProcessHandle> some, Collection<ProcessHandle> others) {
        Set<ProcessHandle> all = new LinkedHashSet<>(some);
        others.forEach(process -> all.addAll(treeOf(process)));
        return all;
    }

    private static List<ProcessHandle> treeOf(ProcessHandle root) {
        try (Stream<ProcessHandle> descendants = root.descendants()) {
            return Stream.concat(Stream.of(root), descendants).toList();
        }
    }
}
