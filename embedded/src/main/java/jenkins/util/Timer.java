package jenkins.util;

import io.jenkins.plugins.concurrency.embedded.DaemonThreads;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Runs short tasks at set times. */
public class Timer {

    private static final ScheduledThreadPoolExecutor EXECUTOR =
            new ScheduledThreadPoolExecutor(4, new DaemonThreads("jenkins.util.Timer"));

    static {
        EXECUTOR.setRemoveOnCancelPolicy(true);
    }

    private Timer() {}

    public static ScheduledExecutorService get() {
        return EXECUTOR;
    }
}
