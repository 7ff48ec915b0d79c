package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at the tasks under way again and again, on a thread of its own. Thread-safe. */
final class TaskWatch {

    /** What a task may write to a disk between two looks is beyond its limit. */
    private static final long LOOK_MILLIS = 50;

    private final Set<TaskMeter> meters = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = TimerThread.start("task watch");

    TaskWatch() {
        timer.scheduleWithFixedDelay(
                () -> meters.forEach(TaskMeter::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(@NonNull TaskMeter meter) {
        meters.add(meter);
    }

    void remove(@NonNull TaskMeter meter) {
        meters.remove(meter);
    }

    void close() {
        timer.shutdown();
    }
}
