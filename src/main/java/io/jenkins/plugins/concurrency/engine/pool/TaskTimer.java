package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Checks running tasks periodically, on its own thread. Thread-safe. */
public final class TaskTimer {

    /**
     * The time between two checks, in milliseconds. A task can exceed its limit of output by what it writes in that
     * time.
     */
    public static final long LOOK_MILLIS = 50;

    private final Set<Runnable> looks = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = TimerThread.start("task watch");

    public TaskTimer() {
        timer.scheduleWithFixedDelay(
                () -> looks.forEach(Runnable::run), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param look must be fast, throw nothing, and do no harm if it runs once more after its removal */
    public void add(Runnable look) {
        looks.add(look);
    }

    /** Removes a check. It may still run once, if it is running now. */
    public void remove(Runnable look) {
        looks.remove(look);
    }

    public void close() {
        timer.shutdown();
    }
}
