package io.jenkins.plugins.concurrency.agent.controller;

import hudson.init.Terminator;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.run.RunExecutor;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The reactor and the timer of the controller's own runs. The reactor is opened when it is first needed, and closed
 * with Jenkins.
 */
public final class ControllerReactor {

    /**
     * Has nothing to do without runs. Jenkins' own timer would keep every cancelled time limit until its time has come.
     */
    static final ScheduledExecutorService TIMER = TimerThread.start("concurrency timer");

    /** The runs that have not ended. */
    static final Set<RunExecutor> RUNS = ConcurrentHashMap.newKeySet();

    /** Guarded by the class. */
    private static HttpReactor reactor;

    private ControllerReactor() {}

    static synchronized HttpReactor get() {
        if (reactor == null) {
            reactor = new HttpReactor();
        }
        return reactor;
    }

    /** Called when Jenkins stops. */
    @Terminator
    public static synchronized void close() {
        List<RunExecutor> left = List.copyOf(RUNS);
        RUNS.clear();
        // Before their connections are closed: otherwise their branches would fail.
        left.forEach(RunExecutor::suspend);
        if (reactor != null) {
            reactor.close();
            reactor = null;
        }
    }
}
