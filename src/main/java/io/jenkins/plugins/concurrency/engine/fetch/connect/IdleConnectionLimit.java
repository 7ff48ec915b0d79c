package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The most connections that may be idle at once, to all destinations: each takes memory, and a run may send one request
 * to each of thousands of hosts. The connections that were idle the longest are closed first. Thread-safe.
 */
final class IdleConnectionLimit {

    /** Idle connections may take the heap's size divided by this. */
    private static final int SHARE_OF_HEAP = 16;

    private static final int BYTES_OF_CONNECTION = 64 * 1024;
    private static final int MAX = 1_000;

    private final int limit;
    private final Executor executor;
    private final List<Owner> owners = new CopyOnWriteArrayList<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicBoolean evicting = new AtomicBoolean();

    /** Has connections that may be idle. */
    interface Owner {
        /** Adds its idle connections to the list. */
        void listIdle(List<Idle> all);
    }

    /**
     * An idle connection.
     *
     * @param evict closes the connection, if it is still idle
     */
    record Idle(long sinceNanos, Runnable evict) {}

    /** @param executor closes connections */
    IdleConnectionLimit(int limit, Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** How many idle connections this JVM has the memory for. */
    static int ofHeap() {
        return (int) Math.min(MAX, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_CONNECTION);
    }

    /** Starts to count the connections of an owner. */
    void watch(Owner owner) {
        owners.add(owner);
    }

    /** Called when an owner has no connections and will have none. */
    void forget(Owner owner) {
        owners.remove(owner);
    }

    /** Called when one more connection is idle. */
    void added() {
        if (idle.incrementAndGet() > limit && evicting.compareAndSet(false, true)) {
            executor.execute(this::evict);
        }
    }

    /** Called when so many connections are no longer idle. */
    void removed(int count) {
        idle.addAndGet(-count);
    }

    /** Closes more connections than necessary, so that the next eviction does not come too soon. */
    private void evict() {
        evicting.set(false);
        long now = System.nanoTime();
        List<Idle> all = new ArrayList<>();
        owners.forEach(owner -> owner.listIdle(all));
        all.sort(Comparator.comparingLong((Idle one) -> now - one.sinceNanos()).reversed());
        int surplus = all.size() - limit * 3 / 4;
        for (int i = 0; i < surplus; i++) {
            all.get(i).evict().run();
        }
    }
}
