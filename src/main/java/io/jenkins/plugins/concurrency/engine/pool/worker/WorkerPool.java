package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.pool.Slots;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The living workers of a run: lends them for a call each, and starts another where none is free. Thread-safe. */
final class WorkerPool {

    /** How a worker is started. */
    @FunctionalInterface
    interface Starter {
        Worker start(int number) throws IOException;
    }

    /** A worker that is lent, or may be. Its fields are guarded by the pool. */
    static final class Member {
        private final int number;
        private Worker worker;
        private int calls;
        private int tasks;

        private Member(int number) {
            this.number = number;
        }

        @NonNull
        Worker worker() {
            return worker;
        }

        /** From 1; no other living worker has it. */
        int number() {
            return number;
        }
    }

    private final Starter starter;
    private final int callsAtOnce;
    private final int maxTasks;
    private final Slots numbers = new Slots();

    /** Members that may have another call, the last used in front. Guarded by this. */
    private final Deque<Member> free = new ArrayDeque<>();

    /** Guarded by this. */
    private boolean closed;

    /**
     * @param callsAtOnce how many calls a worker may have at once
     * @param maxTasks after how many a worker is replaced; 0 for never
     */
    WorkerPool(@NonNull Starter starter, int callsAtOnce, int maxTasks) {
        this.starter = starter;
        this.callsAtOnce = callsAtOnce;
        this.maxTasks = maxTasks;
    }

    /**
     * Lends a worker for one call.
     *
     * @throws IOException if none is free and another can't be started
     */
    @NonNull
    Member borrow() throws IOException {
        List<Member> useless = new ArrayList<>();
        Member found = findFree(useless);
        useless.forEach(this::discard);
        return found == null ? startAnother() : found;
    }

    private synchronized Member findFree(List<Member> useless) {
        for (Member member; (member = free.pollFirst()) != null; ) {
            if (member.worker.isUsable()) {
                lend(member);
                return member;
            }
            if (member.calls == 0) {
                useless.add(member);
            }
        }
        return null;
    }

    private void lend(Member member) {
        member.calls++;
        member.tasks++;
        if (mayHaveAnother(member)) {
            free.addFirst(member);
        }
    }

    private boolean mayHaveAnother(Member member) {
        return member.calls < callsAtOnce && !isWorn(member);
    }

    private boolean isWorn(Member member) {
        return maxTasks > 0 && member.tasks >= maxTasks;
    }

    private Member startAnother() throws IOException {
        Member member = new Member(numbers.take());
        try {
            Worker worker = starter.start(member.number);
            synchronized (this) {
                member.worker = worker;
                lend(member);
            }
            return member;
        } catch (IOException | RuntimeException e) {
            numbers.free(member.number);
            throw e;
        }
    }

    /** Takes a worker back after its call. */
    void giveBack(@NonNull Member member) {
        boolean over;
        synchronized (this) {
            member.calls--;
            boolean usable = !closed && !isWorn(member) && member.worker.isUsable();
            free.remove(member);
            if (usable) {
                free.addFirst(member);
            }
            over = !usable && member.calls == 0;
        }
        if (over) {
            discard(member);
        }
    }

    private void discard(Member member) {
        numbers.free(member.number);
        member.worker.close();
    }

    /** Lets the workers end. Call when none is lent. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        endIdle();
    }

    /** Lets those end that are not lent. */
    void endIdle() {
        List<Member> idle;
        synchronized (this) {
            idle = free.stream().filter(member -> member.calls == 0).toList();
            free.removeAll(idle);
        }
        idle.forEach(this::discard);
    }
}
