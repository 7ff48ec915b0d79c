package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Permits that all runs of one process share: each attempt under way takes some, for its connection, its thread, its
 * processor or its memory. It is fair among owners, such as builds. With {@code n} owners, each may have one part in
 * {@code n}, or in {@code n + 1} where a part is reserved for the next owner. No attempt is interrupted: if an owner
 * has more than its part because others came, it gets no further permit until it has less. Waiting owners are served in
 * the order of how much they have, then of how long they wait, and nobody overtakes the first. But each run may always
 * have a few permits, whatever others have.
 *
 * <p>A run opens an {@link Account}. {@link Permits} of one or more accounts are the gate of its scheduler, and its
 * attempts go through {@link PermittedAttempts}. At the run's end the accounts are closed. Thread-safe.
 */
public final class PermitBudget {

    /** What each run may have at once whatever others hold: no attempt of theirs need ever end. */
    static final int LEAST = 2;

    /** After this a run that waits looks again by itself, should nobody have woken it. */
    private static final Duration AGAIN = Duration.ofMillis(250);

    /** Who has not looked for so long does not wait any more: what it had to start is cancelled, or waits for something else. */
    private static final long FORGOTTEN_NANOS = 8 * AGAIN.toNanos();

    /** So long a process that stays works before it ends for others: to start one costs about as much. */
    static final long TURN_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * How permits are dealt out.
     *
     * @param spare parts that are kept for owners to come
     * @param least what each run may have whatever others hold; 0 where there never may be more than there are
     * @param lends whether an owner gets more than its part while no other one waits
     */
    private record Rule(int spare, int least, boolean lends) {}

    private final Rule rule;
    private final IntSupplier permits;
    private final Executor waker;
    private final LongSupplier nanoTime;

    // Guarded by this.

    private final PermitHolding.Totals totals = new PermitHolding.Totals();
    private final Set<Account> open = new LinkedHashSet<>();
    private final Set<Account> waiting = new LinkedHashSet<>();

    private PermitBudget(Rule rule, IntSupplier permits, Executor waker, LongSupplier nanoTime) {
        this.rule = rule;
        this.permits = permits;
        this.waker = waker;
        this.nanoTime = nanoTime;
    }

    /**
     * A budget of which something is always left for an owner to come, and of which each run has at least
     * {@value #LEAST} permits.
     *
     * @param permits how many there are; asked again and again, since it may change
     * @param waker tells runs that they may continue
     */
    public static PermitBudget withSpare(IntSupplier permits, Executor waker) {
        return new PermitBudget(new Rule(1, LEAST, false), permits, waker, System::nanoTime);
    }

    /**
     * A budget that is used as a whole, also by one owner. Other parameters as above.
     *
     * @param least what each run may have whatever others hold; 0 for a limit that holds in any case. There, a single
     *     demand that is larger than the whole budget is met when nobody has anything
     */
    public static PermitBudget ofAll(int least, IntSupplier permits, Executor waker) {
        return ofAll(least, permits, waker, System::nanoTime);
    }

    /** The same by another clock. */
    static PermitBudget ofAll(int least, IntSupplier permits, Executor waker, LongSupplier nanoTime) {
        return new PermitBudget(new Rule(0, least, true), permits, waker, nanoTime);
    }

    /** How many permits an owner may have that is the only one. */
    public int maximum() {
        return Math.max(rule.least, permits.getAsInt() / (1 + rule.spare));
    }

    private int fairShare(int count) {
        int parts = Math.max(1, count) + rule.spare;
        long shared = Math.max(0, permits.getAsInt() - totals.heldFixed);
        long part = rule.lends ? (shared + parts - 1) / parts : shared / parts;
        return (int) Math.max(rule.least, part);
    }

    /** An account for a run. It counts from the first time that it is asked for a permit until it is closed. */
    public Account account(Object owner) {
        return account(owner, PermitDemand.ONE);
    }

    /** An account for a run whose attempts take something else than a permit each. */
    public Account account(Object owner, PermitDemand demand) {
        return new Account(owner, demand);
    }

    /** How many permits are taken. */
    synchronized int held() {
        return totals.held;
    }

    /** What one run has. */
    public final class Account {

        private final Object key;
        private final PermitDemand demand;

        // Guarded by the budget.
        private final PermitHolding has;
        private Runnable wake = () -> {};
        private Runnable endIdle = () -> {};
        private boolean closed;
        private long askedNanos;

        private Account(Object key, PermitDemand demand) {
            this.key = key;
            this.demand = demand;
            this.has = new PermitHolding(demand, totals, nanoTime);
        }

        /** How much at once makes sense for a run that wants so much. */
        int width(int wanted) {
            if (!demand.adapts() || demand.permits() == 0) {
                return wanted;
            }
            long most = Math.max(1L, maximum() / demand.permits()) * demand.attemptsAtOnce();
            return (int) Math.min(wanted, most);
        }

        /**
         * @param newWake called when there may be a permit again
         * @param newEndIdle called when others need what processes have that do nothing
         */
        void connect(Runnable newWake, Runnable newEndIdle) {
            synchronized (PermitBudget.this) {
                wake = newWake;
                endIdle = newEndIdle;
            }
        }

        /** How long to wait for what the next attempt takes; it is kept for that if there is no need to wait. */
        Duration pause() {
            List<Runnable> next = new ArrayList<>();
            Duration pause;
            synchronized (PermitBudget.this) {
                pause = pause(next);
            }
            next.forEach(waker::execute);
            return pause;
        }

        /** Guarded by the budget. */
        private Duration pause(List<Runnable> next) {
            if (has.isReserved()) {
                return Duration.ZERO;
            }
            open();
            askedNanos = nanoTime.getAsLong();
            waiting.removeIf(other -> askedNanos - other.askedNanos > FORGOTTEN_NANOS);
            if (!isNext(this) && !hasRoom(has.additional())) {
                endIdleOfOthers(this, next);
            }
            if (!isNext(this)) {
                waiting.add(this);
                return AGAIN;
            }
            waiting.remove(this);
            has.reserve();
            wakeNext(next);
            return Duration.ZERO;
        }

        /** What is kept for the next attempt, or its place among those who wait: it waits for something else first. */
        void giveBack() {
            List<Runnable> next = new ArrayList<>();
            synchronized (PermitBudget.this) {
                if (waiting.remove(this) || has.isReserved()) {
                    has.unreserve();
                    wakeNext(next);
                }
            }
            next.forEach(waker::execute);
        }

        /** An attempt begins. */
        void take() {
            synchronized (PermitBudget.this) {
                open();
                has.begin();
            }
        }

        /** An attempt has ended. */
        void release() {
            List<Runnable> next = new ArrayList<>();
            synchronized (PermitBudget.this) {
                boolean stays = demand.stays() && !closed;
                has.end(stays);
                Account first = stays ? first() : null;
                if (first != null && first.has.owner() != has.owner() && hasHadTurn()) {
                    endIdle(next);
                }
                wakeNext(next);
            }
            next.forEach(waker::execute);
        }

        /** No attempt will begin any more; those under way give back what they have. */
        void close() {
            List<Runnable> others = new ArrayList<>();
            synchronized (PermitBudget.this) {
                if (closed) {
                    return;
                }
                closed = true;
                waiting.remove(this);
                has.close(key);
                open.remove(this);
                waiting.forEach(other -> others.add(other.wake)); // the parts are larger now
            }
            others.forEach(waker::execute);
        }

        /** Whether others have what it waits for. */
        boolean isKeptWaiting() {
            synchronized (PermitBudget.this) {
                return waiting.contains(this) && has.owner().held < totals.held;
            }
        }

        /** Guarded by the budget. */
        private void open() {
            if (has.open(key)) {
                open.add(this);
            }
        }

        /** Guarded by the budget. */
        private void endIdle(List<Runnable> next) {
            if (has.dropIdle()) {
                next.add(endIdle);
            }
        }

        /** Whether it has a right to what it has not got, if there is room. Guarded by the budget. */
        private boolean isBelowFairShare() {
            int held = has.owner().held;
            return held == 0 || (long) held + has.additional() <= fairShare(totals.owners.size());
        }

        /** Guarded by the budget. */
        private boolean hasHadTurn() {
            return has.nanosSinceGrowth() >= TURN_NANOS;
        }

        /**
         * Whether its next attempt has to wait although a process has room for it: attempts that always overlap would
         * keep a process for which an owner with less waits. Guarded by the budget.
         */
        private boolean hasToDrain() {
            if (demand.attemptsAtOnce() == 1 || !hasHadTurn()) {
                return false;
            }
            Account first = first();
            return first != null && first.has.owner().held < has.owner().held && !hasRoom(first.has.additional());
        }
    }

    /** Whether the account's next attempt may begin. Guarded by this. */
    private boolean isNext(Account account) {
        int more = account.has.additional();
        if (!account.demand.adapts() || account.has.processes() < rule.least) {
            return true;
        }
        if (more == 0) {
            return !account.hasToDrain();
        }
        if (!hasRoom(more)) {
            return false;
        }
        Account first = first();
        if (account.isBelowFairShare()) {
            return first == null || first == account || !comesBefore(first, account);
        }
        return rule.lends && waiting.stream().allMatch(other -> other.has.owner() == account.has.owner());
    }

    /** Guarded by this. */
    private boolean hasRoom(int more) {
        return totals.held == 0 || (long) totals.held + more <= permits.getAsInt();
    }

    /** Who is to have the next permit of those who wait and are below their part. Guarded by this. */
    @CheckForNull
    private Account first() {
        Account first = null;
        for (Account account : waiting) { // in the order in which they came
            if (account.isBelowFairShare() && (first == null || account.has.owner().held < first.has.owner().held)) {
                first = account;
            }
        }
        return first;
    }

    private static boolean comesBefore(Account waits, Account other) {
        return waits.has.owner() != other.has.owner() && waits.has.owner().held <= other.has.owner().held;
    }

    /** Ends processes of others that have nothing to do, for one who would have to wait for them. Guarded by this. */
    private void endIdleOfOthers(Account needy, List<Runnable> next) {
        for (Account account : open) {
            if (account != needy && account.demand.stays()) {
                account.endIdle(next);
            }
        }
    }

    /** Wakes one who may go on, and who asks for it then. Guarded by this. */
    private void wakeNext(List<Runnable> next) {
        Account first = first();
        if (first != null && isNext(first)) {
            next.add(first.wake);
        } else if (first == null && rule.lends) {
            waiting.stream().filter(this::isNext).findFirst().ifPresent(account -> next.add(account.wake));
        }
    }
}
