package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides whether a pool needs more than its first worker, where a worker is expensive to start, such as a JVM. It does
 * once a call has waited for a while with the worker at work, or the worker has worked for twice as long as its start
 * took, or its start takes long. Not thread-safe.
 */
final class WorkerTrial {

    /**
     * The time between two checks. A call that waits while the first worker works gets another worker after one or two
     * of these.
     */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Duration LONGEST_START = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final Executor later;
    private boolean over;
    private boolean begun;
    private long begunNanos;
    private long startNanos = -1;
    private boolean looking;
    private Object seenWaiting;

    /**
     * @param nanoTime the clock, in nanoseconds
     * @param later runs a task after {@link #LOOK}
     */
    WorkerTrial(LongSupplier nanoTime, Executor later) {
        this.nanoTime = nanoTime;
        this.later = later;
    }

    /** A trial with the clock of this machine. */
    static WorkerTrial timed() {
        return new WorkerTrial(
                System::nanoTime, CompletableFuture.delayedExecutor(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** A trial that is over, for workers that start fast. */
    static WorkerTrial none() {
        WorkerTrial none = timed();
        none.end();
        return none;
    }

    /** Whether the pool may start more workers. */
    boolean isOver() {
        return over;
    }

    /** Ends the trial. Called if the first worker did not start, or has ended. */
    void end() {
        over = true;
    }

    /** Called when a worker is about to start. */
    void starting() {
        if (!begun) {
            begun = true;
            begunNanos = nanoTime.getAsLong();
        }
    }

    /** Called when a worker has started. */
    void started() {
        if (startNanos < 0) {
            startNanos = nanoTime.getAsLong() - begunNanos;
        }
    }

    /** Called when a call waits. Schedules one check, unless there is one already. */
    void scheduleCheck(Runnable look) {
        if (!looking) {
            looking = true;
            later.execute(look);
        }
    }

    /** @param waiting the call that has waited longest */
    void check(@CheckForNull Object waiting) {
        looking = false;
        long nanos = nanoTime.getAsLong() - begunNanos;
        if (startNanos < 0) {
            over |= nanos > LONGEST_START.toNanos();
        } else {
            over |= waiting != null && waiting == seenWaiting || nanos > 3 * startNanos;
            seenWaiting = waiting;
        }
    }
}
