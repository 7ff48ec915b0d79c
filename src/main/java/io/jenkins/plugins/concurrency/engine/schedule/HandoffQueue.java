package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A bounded queue between two schedulers. It is the source of the second, and the gate of the first, which starts
 * nothing new while the queue is full. The queue still accepts what is running in the first one then. Thread-safe.
 *
 * @param <B> the kind of branch
 */
public final class HandoffQueue<B extends Branch> implements BranchSource<B>, StartGate {

    /** A limit only: the first scheduler is woken when there is room. */
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final int room;

    /** Set before the schedulers start. */
    private Scheduler<?> first;

    private Scheduler<B> second;

    // Guarded by this.
    private final Deque<B> waiting = new ArrayDeque<>();
    private boolean complete;

    /** @param room how many may wait before the gate is closed */
    public HandoffQueue(int room) {
        if (room < 1) {
            throw new IllegalArgumentException("room " + room);
        }
        this.room = room;
    }

    /** Sets the schedulers at the two ends. */
    void connect(Scheduler<?> from, Scheduler<B> to) {
        first = from;
        second = to;
    }

    /** Adds a branch. May be called before {@link #connect}. */
    public void put(B branch) {
        synchronized (this) {
            waiting.add(branch);
        }
        if (second != null) {
            second.wake();
        }
    }

    /** Called when the first scheduler adds nothing more. */
    void complete() {
        synchronized (this) {
            complete = true;
        }
        second.wake();
    }

    @Override
    public synchronized boolean isComplete() {
        return complete;
    }

    @Override
    public B next() {
        B next;
        boolean roomAgain;
        synchronized (this) {
            next = waiting.poll();
            roomAgain = next != null && waiting.size() == room - 1;
        }
        if (roomAgain) {
            first.wake();
        }
        return next;
    }

    @Override
    public synchronized Duration pause() {
        return waiting.size() < room ? Duration.ZERO : UNTIL_WOKEN;
    }
}
