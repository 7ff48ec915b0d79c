package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Checks running tasks periodically, on its own thread. Thread-safe. */
public final class TaskTimer {

    /** What a task may write to a disk between two looks is beyond its limit. */
    public static final long LOOK_MILLIS = 50;

    private final Set<Runnable> looks = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = TimerThread.start("task watch");

    public TaskTimer() {
        timer.scheduleWithFixedDelay(
                () -> looks.forEach(Runnable::run), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param look quick; throws nothing, and does no harm after it has been removed */
    public void add(Runnable look) {
        looks.add(look);
    }

    /** No more looks, but for one that may be under way. */
    public void remove(Runnable look) {
        looks.remove(look);
    }

    /** Ends the thread. */
    public void close() {
        timer.shutdown();
    }
}
