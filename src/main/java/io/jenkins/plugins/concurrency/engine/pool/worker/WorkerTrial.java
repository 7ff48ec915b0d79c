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

    /** A call that waits for the first worker at work sees another started after this, or twice this. */
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
     * @param nanoTime the clock
     * @param later runs what it gets after a moment
     */
    WorkerTrial(LongSupplier nanoTime, Executor later) {
        this.nanoTime = nanoTime;
        this.later = later;
    }

    /** By this machine's clock. */
    static WorkerTrial timed() {
        return new WorkerTrial(
                System::nanoTime, CompletableFuture.delayedExecutor(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Where workers are cheap. */
    static WorkerTrial none() {
        WorkerTrial none = timed();
        none.end();
        return none;
    }

    /** Whether all calls are to have workers of their own. */
    boolean isOver() {
        return over;
    }

    /** There was something else than work for the first worker. */
    void end() {
        over = true;
    }

    /** A worker is being started. */
    void starting() {
        if (!begun) {
            begun = true;
            begunNanos = nanoTime.getAsLong();
        }
    }

    /** A worker has started. */
    void started() {
        if (startNanos < 0) {
            startNanos = nanoTime.getAsLong() - begunNanos;
        }
    }

    /** A call waits: schedules one check, unless there is one already. */
    void scheduleCheck(Runnable look) {
        if (!looking) {
            looking = true;
            later.execute(look);
        }
    }

    /** @param waiting who has been waiting for the longest time */
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
