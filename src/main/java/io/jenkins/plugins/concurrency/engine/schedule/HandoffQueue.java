package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A bounded queue between two schedulers. It is the source of the second, and the gate of the first, which starts
 * nothing new while the queue is full. The queue still takes what the first has under way then. Thread-safe.
 *
 * @param <B> what the queue takes
 */
public final class HandoffQueue<B extends Branch> implements BranchSource<B>, StartGate {

    /** Whoever makes room says so. */
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final int room;

    /** Set before either works. */
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

    /** Says who works at the two ends. */
    void connect(Scheduler<?> from, Scheduler<B> to) {
        first = from;
        second = to;
    }

    /** Hands something over; before {@link #connect} too. */
    public void put(B branch) {
        synchronized (this) {
            waiting.add(branch);
        }
        if (second != null) {
            second.wake();
        }
    }

    /** The first scheduler puts nothing more into the queue. */
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
