package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    /**
     * What an attempt takes.
     *
     * @param permits for each process
     * @param attemptsAtOnce how many attempts have one process, and its permits, together
     * @param stays whether a process is there, and has its permits, until somebody else needs them
     * @param adapts whether it takes what is free; otherwise it takes what a script asks for, and leaves less to others
     */
    public record Demand(int permits, int attemptsAtOnce, boolean stays, boolean adapts) {

        /** One permit for each attempt. */
        public static final Demand ONE = new Demand(1, 1, false, true);

        public Demand {
            if (permits < 0 || attemptsAtOnce < 1) {
                throw new IllegalArgumentException(permits + " permits for " + attemptsAtOnce + " attempts");
            }
        }
    }

    private final Rule rule;
    private final IntSupplier permits;
    private final Executor waker;
    private final LongSupplier nanoTime;

    // Guarded by this.

    /** Permits that the owners of open accounts have. */
    private final Map<Object, Owner> owners = new HashMap<>();

    private final Set<Account> open = new LinkedHashSet<>();
    private final Set<Account> waiting = new LinkedHashSet<>();
    private int held;

    /** Of these, what accounts have that do not adapt. */
    private int heldFixed;

    private static final class Owner {
        int accounts;
        int held;
    }

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
    public int most() {
        return Math.max(rule.least, permits.getAsInt() / (1 + rule.spare));
    }

    private int part(int count) {
        int parts = Math.max(1, count) + rule.spare;
        long shared = Math.max(0, permits.getAsInt() - heldFixed);
        long part = rule.lends ? (shared + parts - 1) / parts : shared / parts;
        return (int) Math.max(rule.least, part);
    }

    /** An account for a run. It counts from the first time that it is asked for a permit until it is closed. */
    public Account account(Object owner) {
        return account(owner, Demand.ONE);
    }

    /** An account for a run whose attempts take something else than a permit each. */
    public Account account(Object owner, Demand demand) {
        return new Account(owner, demand);
    }

    /** How many permits are taken. */
    synchronized int held() {
        return held;
    }

    /** What one run has. */
    public final class Account {

        private final Object key;
        private final Demand demand;

        // Guarded by the budget.
        /** {@code null} until it is asked for a permit. */
        private Owner owner;

        private Runnable wake = () -> {};
        private Runnable endIdle = () -> {};
        private int underWay;

        /** Those that have permits, also if nothing is under way in them. */
        private int processes;

        /** Whether the gate has let an attempt through that has not begun yet. */
        private boolean reserved;

        /** How many processes were added for that one. */
        private int added;

        private boolean closed;
        private long askedNanos;

        /** When it has got its last process. */
        private long grownNanos;

        private Account(Object key, Demand demand) {
            this.key = key;
            this.demand = demand;
        }

        /** How much at once makes sense for a run that wants so much. */
        int width(int wanted) {
            if (!demand.adapts() || demand.permits() == 0) {
                return wanted;
            }
            long most = Math.max(1L, most() / demand.permits()) * demand.attemptsAtOnce();
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
            if (reserved) {
                return Duration.ZERO;
            }
            open();
            askedNanos = nanoTime.getAsLong();
            waiting.removeIf(other -> askedNanos - other.askedNanos > FORGOTTEN_NANOS);
            if (!isNext(this) && !hasRoom(more())) {
                endIdleOfOthers(this, next);
            }
            reserved = isNext(this);
            if (!reserved) {
                waiting.add(this);
                return AGAIN;
            }
            waiting.remove(this);
            int before = processes;
            settle();
            added = processes - before;
            wakeNext(next);
            return Duration.ZERO;
        }

        /** What is kept for the next attempt, or its place among those who wait: it waits for something else first. */
        void giveBack() {
            List<Runnable> next = new ArrayList<>();
            synchronized (PermitBudget.this) {
                if (waiting.remove(this) || reserved) {
                    reserved = false;
                    settle(Math.max(needed(), processes - added));
                    added = 0;
                    wakeNext(next);
                }
            }
            next.forEach(waker::execute);
        }

        /** An attempt begins. */
        void take() {
            synchronized (PermitBudget.this) {
                open();
                reserved = false;
                added = 0;
                underWay++;
                settle();
            }
        }

        /** An attempt has ended. */
        void release() {
            List<Runnable> next = new ArrayList<>();
            synchronized (PermitBudget.this) {
                underWay--;
                if (demand.stays() && !closed) {
                    Account first = first();
                    if (first != null && first.owner != owner && hasHadTurn()) {
                        endIdle(next);
                    }
                } else {
                    settle(needed());
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
                reserved = false;
                if (owner != null) {
                    settle(needed());
                    open.remove(this);
                    if (demand.adapts() && --owner.accounts == 0) {
                        owners.remove(key);
                    }
                }
                waiting.forEach(other -> others.add(other.wake)); // the parts are larger now
            }
            others.forEach(waker::execute);
        }

        /** Whether others have what it waits for. */
        boolean isKeptWaiting() {
            synchronized (PermitBudget.this) {
                return waiting.contains(this) && owner.held < held;
            }
        }

        /** Guarded by the budget. */
        private void open() {
            if (owner == null) {
                owner = demand.adapts() ? owners.computeIfAbsent(key, absent -> new Owner()) : new Owner();
                owner.accounts++;
                open.add(this);
            }
        }

        /** Guarded by the budget. */
        private int needed() {
            int attempts = underWay + (reserved ? 1 : 0);
            return (attempts + demand.attemptsAtOnce() - 1) / demand.attemptsAtOnce();
        }

        /** Guarded by the budget. */
        private void settle() {
            settle(Math.max(processes, needed()));
        }

        /** Guarded by the budget. */
        private void settle(int count) {
            int more = (count - processes) * demand.permits();
            if (more > 0) {
                grownNanos = nanoTime.getAsLong();
            }
            processes = count;
            owner.held += more;
            held += more;
            heldFixed += demand.adapts() ? 0 : more;
        }

        /** What the next attempt takes beyond what there is. Guarded by the budget. */
        private int more() {
            boolean full = underWay >= processes * demand.attemptsAtOnce();
            return full ? demand.permits() : 0;
        }

        /** Guarded by the budget. */
        private void endIdle(List<Runnable> next) {
            if (processes > needed()) {
                settle(needed());
                next.add(endIdle);
            }
        }

        /** Whether it has a right to what it has not got, if there is room. Guarded by the budget. */
        private boolean isBelowPart() {
            return owner.held == 0 || (long) owner.held + more() <= part(owners.size());
        }

        /** Guarded by the budget. */
        private boolean hasHadTurn() {
            return nanoTime.getAsLong() - grownNanos >= TURN_NANOS;
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
            return first != null && first.owner.held < owner.held && !hasRoom(first.more());
        }
    }

    /** Whether the account's next attempt may begin. Guarded by this. */
    private boolean isNext(Account account) {
        int more = account.more();
        if (!account.demand.adapts() || account.processes < rule.least) {
            return true;
        }
        if (more == 0) {
            return !account.hasToDrain();
        }
        if (!hasRoom(more)) {
            return false;
        }
        Account first = first();
        if (account.isBelowPart()) {
            return first == null || first == account || !comesBefore(first, account);
        }
        return rule.lends && waiting.stream().allMatch(other -> other.owner == account.owner);
    }

    /** Guarded by this. */
    private boolean hasRoom(int more) {
        return held == 0 || (long) held + more <= permits.getAsInt();
    }

    /** Who is to have the next permit of those who wait and are below their part. Guarded by this. */
    @CheckForNull
    private Account first() {
        Account first = null;
        for (Account account : waiting) { // in the order in which they came
            if (account.isBelowPart() && (first == null || account.owner.held < first.owner.held)) {
                first = account;
            }
        }
        return first;
    }

    private static boolean comesBefore(Account waits, Account other) {
        return waits.owner != other.owner && waits.owner.held <= other.owner.held;
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
