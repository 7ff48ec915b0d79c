package io.jenkins.plugins.concurrency.steps.log;

import hudson.model.TaskListener;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * Writes progress lines into a build's log while a run is under way: every five seconds at first, less often later, and
 * not while nothing changes.
 */
public final class ProgressReporter {

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration SLOWER_AFTER = Duration.ofMinutes(2);
    private static final Duration SLOWER = Duration.ofSeconds(15);
    private static final Duration SLOWEST_AFTER = Duration.ofMinutes(15);
    private static final Duration SLOWEST = Duration.ofMinutes(1);

    private final RunProgress progress;
    private final TaskListener listener;
    private final long startNanos = System.nanoTime();

    // Guarded by this.
    private Future<?> next;
    private boolean stopped;
    private int lastHappened = -1;
    private Duration sinceLast = Duration.ZERO;

    public ProgressReporter(RunProgress progress, TaskListener listener) {
        this.progress = progress;
        this.listener = listener;
    }

    public synchronized void start() {
        if (!stopped) {
            Duration period = period();
            sinceLast = sinceLast.plus(period);
            next = Timer.get().schedule(this::report, period.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    public synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void report() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            int happened = progress.eventCount();
            if (happened != lastHappened || sinceLast.compareTo(SLOWEST) >= 0) {
                lastHappened = happened;
                sinceLast = Duration.ZERO;
                listener.getLogger().println(progress.line());
            }
        }
        start();
    }

    private Duration period() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        if (elapsed.compareTo(SLOWEST_AFTER) > 0) {
            return SLOWEST;
        }
        return elapsed.compareTo(SLOWER_AFTER) > 0 ? SLOWER : FIRST;
    }
}
