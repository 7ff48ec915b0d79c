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
 * Permits that all runs of one process share: each running attempt has some, for its connection, its thread, its
 * processor or its memory. The budget is fair among owners, such as builds. With {@code n} owners, each may have one
 * part of {@code n}, or of {@code n + 1} if a part is reserved for the next owner. No attempt is interrupted: an owner
 * that has more than its part, because others came, gets no permit until it has less. Of the owners that wait, the one
 * with the fewest permits comes first, then the one that has waited longest. Nobody overtakes the first. But each run
 * may always have a few permits, whatever others have.
 *
 * <p>A run opens an {@link Account}. {@link Permits} of one or more accounts are the gate of its scheduler, and its
 * attempts go through {@link PermittedAttempts}. At the run's end the accounts are closed. Thread-safe.
 */
public final class PermitBudget {

    /** How many permits each run may always have: the attempts of others may never end. */
    static final int LEAST = 2;

    /** After this time a waiting run asks again, even if nobody has woken it. */
    private static final Duration AGAIN = Duration.ofMillis(250);

    /**
     * A run that has not asked for so long does not wait any more: its next attempt was cancelled, or waits for
     * something else.
     */
    private static final long FORGOTTEN_NANOS = 8 * AGAIN.toNanos();

    /**
     * A process that stays works at least this long before it ends for others. To start one takes about as much time.
     */
    static final long TURN_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * How permits are shared.
     *
     * @param spare parts that are reserved for the next owners
     * @param least what each run may always have; 0 if the budget must never be exceeded
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
     * A budget with a part that is reserved for the next owner. Each run may have at least {@value #LEAST} permits.
     *
     * @param permits how many there are; asked again and again, because it may change
     * @param waker wakes runs that may continue
     */
    public static PermitBudget withSpare(IntSupplier permits, Executor waker) {
        return new PermitBudget(new Rule(1, LEAST, false), permits, waker, System::nanoTime);
    }

    /**
     * A budget without a reserved part: one owner alone may use all of it. Other parameters as above.
     *
     * @param least what each run may always have; 0 for a budget that must not be exceeded. Then only a demand that is
     *     larger than the whole budget may exceed it, when nobody else has a permit
     */
    public static PermitBudget ofAll(int least, IntSupplier permits, Executor waker) {
        return ofAll(least, permits, waker, System::nanoTime);
    }

    /** The same with another clock. */
    static PermitBudget ofAll(int least, IntSupplier permits, Executor waker, LongSupplier nanoTime) {
        return new PermitBudget(new Rule(0, least, true), permits, waker, nanoTime);
    }

    /** How many permits a single owner may have. */
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

    /** An account for a run whose attempts do not need exactly one permit each. */
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

        /** How many attempts at once make sense for a run that asks for so many. */
        int width(int wanted) {
            if (!demand.adapts() || demand.permits() == 0) {
                return wanted;
            }
            long most = Math.max(1L, maximum() / demand.permits()) * demand.attemptsAtOnce();
            return (int) Math.min(wanted, most);
        }

        /**
         * @param newWake called when there may be a permit again
         * @param newEndIdle called when others need the permits of idle processes
         */
        void connect(Runnable newWake, Runnable newEndIdle) {
            synchronized (PermitBudget.this) {
                wake = newWake;
                endIdle = newEndIdle;
            }
        }

        /** How long to wait for the permits of the next attempt. Without a wait, they are reserved for it. */
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

        /**
         * Gives back the permits that are reserved for the next attempt, or its place among the waiting ones. Called if
         * the attempt waits for something else first.
         */
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

        /** Called when an attempt begins. */
        void take() {
            synchronized (PermitBudget.this) {
                open();
                has.begin();
            }
        }

        /** Called when an attempt has ended. */
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

        /** Called when no attempt will begin any more. Running ones still give back their permits. */
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

        /** Whether it waits for permits that others have. */
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

        /** Whether it may have more, if there is room. Guarded by the budget. */
        private boolean isBelowFairShare() {
            int held = has.owner().held;
            return held == 0 || (long) held + has.additional() <= fairShare(totals.owners.size());
        }

        /** Guarded by the budget. */
        private boolean hasHadTurn() {
            return has.nanosSinceGrowth() >= TURN_NANOS;
        }

        /**
         * Whether its next attempt must wait although a process has room for it. Otherwise attempts that always overlap
         * would keep a process for which an owner with less waits. Guarded by the budget.
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

    /** The waiting account below its part that gets the next permit. Guarded by this. */
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

    /** Ends idle processes of others if an account would have to wait for them. Guarded by this. */
    private void endIdleOfOthers(Account needy, List<Runnable> next) {
        for (Account account : open) {
            if (account != needy && account.demand.stays()) {
                account.endIdle(next);
            }
        }
    }

    /** Wakes an account that may continue. It then asks for its permits. Guarded by this. */
    private void wakeNext(List<Runnable> next) {
        Account first = first();
        if (first != null && isNext(first)) {
            next.add(first.wake);
        } else if (first == null && rule.lends) {
            waiting.stream().filter(this::isNext).findFirst().ifPresent(account -> next.add(account.wake));
        }
    }
}
