package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** What one run has of a {@link PermitBudget}: its attempts, its processes, and the permits of these. Guarded by the budget. */
final class PermitHolding {

    /** What all runs of a budget have. */
    static final class Totals {
        /** The owners with runs that have asked for a permit. */
        final Map<Object, Owner> owners = new HashMap<>();

        int held;

        /** The part of these permits that runs have that do not adapt. */
        int heldFixed;
    }

    /** What all runs of one owner have. */
    static final class Owner {
        private int runs;
        int held;
    }

    final PermitDemand demand;
    private final Totals totals;
    private final LongSupplier nanoTime;

    /** {@code null} until the run asks for a permit. */
    private Owner owner;

    private int underWay;

    /** The processes with permits, also idle ones. */
    private int processes;

    /** Whether an attempt has passed the gate and not begun yet. */
    private boolean reserved;

    /** How many processes were added for that attempt. */
    private int added;

    /** When the last process was added. */
    private long grownNanos;

    PermitHolding(PermitDemand demand, Totals totals, LongSupplier nanoTime) {
        this.demand = demand;
        this.totals = totals;
        this.nanoTime = nanoTime;
    }

    /** Counts from now on. @return whether it did not yet */
    boolean open(Object key) {
        if (owner != null) {
            return false;
        }
        owner = demand.adapts() ? totals.owners.computeIfAbsent(key, absent -> new Owner()) : new Owner();
        owner.runs++;
        return true;
    }

    /** Called when nothing begins any more. Running attempts keep their permits. */
    void close(Object key) {
        reserved = false;
        if (owner != null) {
            settle(needed());
            if (demand.adapts() && --owner.runs == 0) {
                totals.owners.remove(key);
            }
        }
    }

    Owner owner() {
        return owner;
    }

    int processes() {
        return processes;
    }

    boolean isReserved() {
        return reserved;
    }

    /** Reserves the permits of the next attempt. */
    void reserve() {
        reserved = true;
        int before = processes;
        grow();
        added = processes - before;
    }

    /** Gives back the permits that were reserved for the next attempt. */
    void unreserve() {
        reserved = false;
        settle(Math.max(needed(), processes - added));
        added = 0;
    }

    void begin() {
        reserved = false;
        added = 0;
        underWay++;
        grow();
    }

    /** @param keeps whether its process stays */
    void end(boolean keeps) {
        underWay--;
        if (!keeps) {
            settle(needed());
        }
    }

    /** Gives back what processes have that do nothing. @return whether there were any */
    boolean dropIdle() {
        if (processes <= needed()) {
            return false;
        }
        settle(needed());
        return true;
    }

    /** How many more permits the next attempt needs. */
    int additional() {
        boolean full = underWay >= processes * demand.attemptsAtOnce();
        return full ? demand.permits() : 0;
    }

    /** How long ago the last process was added. */
    long nanosSinceGrowth() {
        return nanoTime.getAsLong() - grownNanos;
    }

    private int needed() {
        int attempts = underWay + (reserved ? 1 : 0);
        return (attempts + demand.attemptsAtOnce() - 1) / demand.attemptsAtOnce();
    }

    private void grow() {
        settle(Math.max(processes, needed()));
    }

    private void settle(int count) {
        int more = (count - processes) * demand.permits();
        if (more > 0) {
            grownNanos = nanoTime.getAsLong();
        }
        processes = count;
        owner.held += more;
        totals.held += more;
        totals.heldFixed += demand.adapts() ? 0 : more;
    }
}
