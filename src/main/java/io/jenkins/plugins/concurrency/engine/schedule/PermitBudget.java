package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/**
 * What all runs of one process share: each attempt under way takes a permit, for its connection or its thread. Fair among
 * owners, such as builds: with {@code n} of them, none gets more than one part in {@code n + 1}, so that the next one finds
 * something. Nobody is interrupted: an owner that has more than its part, since others came, gets nothing more until it
 * is below. A few permits each run gets whatever others hold.
 *
 * <p>A run opens an {@link Account}, which is the gate of its scheduler; its attempts go through {@link
 * PermittedAttempts}; at its end it closes the account. Safe for use by many threads.
 */
public final class PermitBudget {

    /** What each run may have at once whatever others hold: no attempt of theirs need ever end. */
    static final int LEAST = 2;

    /** After this a run that waits looks again by itself, should nobody have woken it. */
    private static final Duration AGAIN = Duration.ofMillis(250);

    private final IntSupplier permits;
    private final Executor waker;

    // Guarded by this.

    /** Permits that the owners of open accounts have. */
    private final Map<Object, Owner> owners = new HashMap<>();

    private final Set<Account> waiting = new LinkedHashSet<>();
    private int held;

    private static final class Owner {
        int accounts;
        int held;
    }

    /**
     * @param permits how many there are; asked again and again, since it may change
     * @param waker tells runs that they may go on
     */
    public PermitBudget(@NonNull IntSupplier permits, @NonNull Executor waker) {
        this.permits = permits;
        this.waker = waker;
    }

    /** How many permits an owner may have that is the only one. */
    public int most() {
        return part(1);
    }

    private int part(int count) {
        return Math.max(LEAST, permits.getAsInt() / (count + 1));
    }

    /** An account for a run. It counts from the first time that it is asked for a permit until it is closed. */
    @NonNull
    public Account account(@NonNull Object owner) {
        return new Account(owner);
    }

    /** How many permits are taken. */
    synchronized int held() {
        return held;
    }

    /** What one run has. */
    public final class Account implements StartGate, AutoCloseable {

        private final Object key;

        // Guarded by the budget.
        /** {@code null} until it is asked for a permit. */
        private Owner owner;

        private Runnable wake = () -> {};
        private int taken;

        /** Whether the gate has let an attempt through that has not begun yet. */
        private boolean reserved;

        private boolean closed;

        private Account(Object key) {
            this.key = key;
        }

        /** Whose it is. */
        @NonNull
        public Object owner() {
            return key;
        }

        /** How much at once makes sense for a run that wants so much. */
        public int width(int wanted) {
            return Math.min(wanted, most());
        }

        /** @param newWake called when there may be a permit again */
        public void onRoom(@NonNull Runnable newWake) {
            synchronized (PermitBudget.this) {
                wake = newWake;
            }
        }

        @Override
        public Duration pause() {
            synchronized (PermitBudget.this) {
                if (reserved) {
                    return Duration.ZERO;
                }
                open();
                reserved = mayHaveMore();
                if (reserved) {
                    waiting.remove(this);
                    add(1);
                    return Duration.ZERO;
                }
                waiting.add(this);
                return AGAIN;
            }
        }

        /** An attempt begins. */
        void take() {
            synchronized (PermitBudget.this) {
                if (!reserved) {
                    open();
                    add(1);
                }
                reserved = false;
            }
        }

        /** An attempt has ended. */
        void release() {
            Runnable next;
            synchronized (PermitBudget.this) {
                add(-1);
                next = nextWaiting();
            }
            if (next != null) {
                waker.execute(next);
            }
        }

        /** No attempt will begin any more; those under way give back what they have. */
        @Override
        public void close() {
            Collection<Account> others;
            synchronized (PermitBudget.this) {
                if (closed) {
                    return;
                }
                closed = true;
                waiting.remove(this);
                if (reserved) {
                    reserved = false;
                    add(-1);
                }
                if (owner != null && --owner.accounts == 0) {
                    owners.remove(key);
                }
                others = Set.copyOf(waiting);
            }
            others.forEach(other -> waker.execute(other.wake)); // the parts are larger now
        }

        /** Guarded by the budget. */
        private void open() {
            if (owner == null) {
                owner = owners.computeIfAbsent(key, absent -> new Owner());
                owner.accounts++;
            }
        }

        /** Guarded by the budget. */
        private void add(int count) {
            taken += count;
            owner.held += count;
            held += count;
        }

        /** Guarded by the budget. */
        private boolean mayHaveMore() {
            return taken < LEAST || held < permits.getAsInt() && owner.held < part(owners.size());
        }
    }

    /** Guarded by this. */
    @CheckForNull
    private Runnable nextWaiting() {
        Account next = waiting.stream()
                .filter(Account::mayHaveMore)
                .min(Comparator.comparingInt(account -> account.owner.held))
                .orElse(null);
        if (next == null) {
            return null;
        }
        waiting.remove(next); // waits again if that is not enough
        return next.wake;
    }
}
