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

    /** Of the heap that idle connections may take. */
    private static final int SHARE_OF_HEAP = 16;

    private static final int BYTES_OF_CONNECTION = 64 * 1024;
    private static final int MAX = 1_000;

    private final int limit;
    private final Executor executor;
    private final List<Owner> owners = new CopyOnWriteArrayList<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicBoolean evicting = new AtomicBoolean();

    /** Who has connections. */
    interface Owner {
        /** Adds those that nobody uses. */
        void listIdle(List<Idle> all);
    }

    /**
     * A connection that nobody uses.
     *
     * @param evict closes it, if nobody uses it still
     */
    record Idle(long sinceNanos, Runnable evict) {}

    /** @param executor closes connections */
    IdleConnectionLimit(int limit, Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** As many as this JVM can spare the memory for. */
    static int ofHeap() {
        return (int) Math.min(MAX, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_CONNECTION);
    }

    /** From now on an owner's connections count. */
    void watch(Owner owner) {
        owners.add(owner);
    }

    /** It has none any more, and will have none. */
    void forget(Owner owner) {
        owners.remove(owner);
    }

    /** One more is idle. */
    void added() {
        if (idle.incrementAndGet() > limit && evicting.compareAndSet(false, true)) {
            executor.execute(this::evict);
        }
    }

    /** So many are idle no more. */
    void removed(int count) {
        idle.addAndGet(-count);
    }

    /** More than has to go, so that the next one does not come too soon. */
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
