package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.pool.WorkerSlots;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The living workers of a run. Leases one for each call, whichever is free first, and starts another if none is free,
 * unless a first worker is on trial. Thread-safe.
 */
final class WorkerPool {

    @FunctionalInterface
    interface Starter {
        Worker start(int number) throws IOException;
    }

    /** A worker of the pool. Its fields are guarded by the pool. */
    static final class Member {
        private final int number;
        private Worker worker;
        private int calls;
        private int tasks;

        /** Whether others need its resources. Then it ends when it has started, unless a call waits for it. */
        private boolean unwanted;

        private Member(int number) {
            this.number = number;
        }

        Worker worker() {
            return worker;
        }

        /** From 1; no other living worker has the same number. */
        int number() {
            return number;
        }
    }

    private final Starter starter;
    private final int callsAtOnce;
    private final int maxTasks;
    private final WorkerSlots numbers = new WorkerSlots();

    // Guarded by this.
    private final Set<Member> living = new HashSet<>();

    /** Members that may have another call, the last used one first. Empty while a call waits. */
    private final Deque<Member> free = new ArrayDeque<>();

    private final Deque<CompletableFuture<Member>> waiting = new ArrayDeque<>();
    private int starting;
    private boolean closed;
    private final WorkerTrial trial;

    /**
     * @param callsAtOnce how many calls a worker may have at once
     * @param maxTasks after how many calls a worker is replaced; 0 for never
     * @param trial the trial of the first worker
     */
    WorkerPool(Starter starter, int callsAtOnce, int maxTasks, WorkerTrial trial) {
        this.starter = starter;
        this.callsAtOnce = callsAtOnce;
        this.maxTasks = maxTasks;
        this.trial = trial;
    }

    /**
     * Leases a worker for one call. The future completes when a worker is free. A caller that no longer needs the
     * worker cancels the future.
     *
     * @return fails with an {@link IOException} if no worker can be started
     */
    CompletableFuture<Member> borrow() {
        CompletableFuture<Member> loan = new CompletableFuture<>();
        List<Member> useless = new ArrayList<>();
        Member found;
        synchronized (this) {
            found = findFree(useless);
            if (found == null) {
                waiting.add(loan);
            }
        }
        useless.forEach(this::discard);
        if (found == null) {
            startMissing();
        } else {
            loan.complete(found);
        }
        return loan;
    }

    @CheckForNull
    private Member findFree(List<Member> useless) {
        for (Member member; (member = free.pollFirst()) != null; ) {
            if (member.worker.isUsable()) {
                lend(member);
                if (mayHaveAnother(member)) {
                    free.addFirst(member);
                }
                return member;
            }
            if (member.calls == 0) {
                useless.add(member);
            }
        }
        return null;
    }

    private static void lend(Member member) {
        member.calls++;
        member.tasks++;
    }

    private boolean mayHaveAnother(Member member) {
        return member.calls < callsAtOnce && !isUsedUp(member);
    }

    private boolean isUsedUp(Member member) {
        return maxTasks > 0 && member.tasks >= maxTasks;
    }

    private void startMissing() {
        for (Member member; (member = missing()) != null; ) {
            start(member);
        }
    }

    @CheckForNull
    private synchronized Member missing() {
        waiting.removeIf(CompletableFuture::isDone);
        if (closed || waiting.size() <= starting * callsAtOnce) {
            return null;
        }
        if (!trial.isOver() && !living.isEmpty()) {
            trial.scheduleCheck(this::poll);
            return null;
        }
        trial.starting();
        Member member = new Member(numbers.take());
        living.add(member);
        starting++;
        return member;
    }

    private void start(Member member) {
        try {
            Worker worker = starter.start(member.number);
            synchronized (this) {
                member.worker = worker;
            }
            worker.opened().thenRun(() -> opened(member));
        } catch (IOException | RuntimeException | Error e) { // all kinds, otherwise the call would wait for ever
            CompletableFuture<Member> failed;
            synchronized (this) {
                living.remove(member);
                starting--;
                trial.end();
                failed = nextWaiting();
            }
            numbers.free(member.number);
            if (failed != null) {
                failed.completeExceptionally(e);
            }
        }
    }

    /**
     * Called when a worker accepts requests, or has ended. If it has ended, it gets a call too, which then reports why.
     */
    private void opened(Member member) {
        synchronized (this) {
            starting--;
            trial.started();
        }
        serve(member, true);
        startMissing(); // it may not have enough tasks left for all calls that waited for it
    }

    /** Gives waiting calls to a worker that is new, or has ended a call. */
    private void serve(Member member, boolean isNew) {
        List<CompletableFuture<Member>> served = new ArrayList<>(1);
        boolean over;
        synchronized (this) {
            if (!isNew) {
                member.calls--;
            }
            boolean usable = !closed && living.contains(member) && member.worker.isUsable();
            while ((usable || isNew && served.isEmpty()) && mayHaveAnother(member) && !waiting.isEmpty()) {
                CompletableFuture<Member> next = nextWaiting();
                if (next != null) {
                    lend(member);
                    served.add(next);
                }
            }
            usable &= !member.unwanted || !served.isEmpty();
            member.unwanted = false;
            free.remove(member);
            if (usable && mayHaveAnother(member)) {
                free.addFirst(member);
            }
            over = member.calls == 0 && !(usable && mayHaveAnother(member));
        }
        if (over) {
            discard(member);
            startMissing();
        }
        for (CompletableFuture<Member> loan : served) {
            if (!loan.complete(member)) {
                returnWorker(member); // it has just been cancelled
            }
        }
    }

    @CheckForNull
    private CompletableFuture<Member> nextWaiting() {
        CompletableFuture<Member> next;
        do {
            next = waiting.pollFirst();
        } while (next != null && next.isDone());
        return next;
    }

    /** Takes a worker back after its call. If a call waits, the worker gets it at once. */
    void returnWorker(Member member) {
        serve(member, false);
    }

    private void poll() {
        synchronized (this) {
            trial.check(waiting.peekFirst());
        }
        startMissing();
    }

    private void discard(Member member) {
        synchronized (this) {
            trial.end();
            if (!living.remove(member)) {
                return;
            }
        }
        numbers.free(member.number);
        member.worker.close();
    }

    /** Ends the workers, also those that are still starting. Call when none is leased. */
    void close() {
        List<Member> left;
        synchronized (this) {
            closed = true;
            left = living.stream().filter(member -> member.worker != null).toList();
            free.clear();
        }
        left.forEach(this::discard);
    }

    /**
     * Ends the workers that are not leased. A worker that is starting ends when it has started, unless a call waits.
     */
    void endIdle() {
        List<Member> idle;
        synchronized (this) {
            idle = free.stream().filter(member -> member.calls == 0).toList();
            free.removeAll(idle);
            living.stream()
                    .filter(member -> member.calls == 0 && !idle.contains(member))
                    .forEach(member -> member.unwanted = true);
        }
        idle.forEach(this::discard);
    }
}
