package io.jenkins.plugins.concurrency.agent;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/** Repeats a task every few seconds as long as it is needed. Thread-safe. */
public final class PollingTask {

    private static final Logger LOGGER = Logger.getLogger(PollingTask.class.getName());

    private static final long PERIOD_SECONDS = 5;

    private final Runnable task;
    private final BooleanSupplier reason;

    /** Guarded by this. */
    private Future<?> schedule;

    /**
     * @param task must be fast; runs on Jenkins' timer
     * @param reason whether to continue
     */
    public PollingTask(Runnable task, BooleanSupplier reason) {
        this.task = task;
        this.reason = reason;
    }

    /** Begins, unless it has begun already. Must be called after the reason has become true. */
    public synchronized void start() {
        if (schedule == null) {
            schedule = Timer.get().scheduleWithFixedDelay(this::poll, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void poll() {
        try {
            synchronized (this) {
                if (!reason.getAsBoolean()) {
                    schedule.cancel(false);
                    schedule = null;
                    return;
                }
            }
            task.run();
        } catch (Throwable e) {
            // errors too: otherwise the timer would never call again
            LOGGER.log(Level.WARNING, e, () -> "looking again in " + PERIOD_SECONDS + " s");
        }
    }
}
