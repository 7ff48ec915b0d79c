package io.jenkins.plugins.concurrency.engine.schedule;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Makes timers, for {@link Scheduler} and for periodic checks. */
public final class TimerThread {

    private TimerThread() {}

    /**
     * A timer with one daemon thread. It removes cancelled tasks at once: most time limits are never reached, and would
     * otherwise stay in memory until their time has come.
     */
    public static ScheduledExecutorService start(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
