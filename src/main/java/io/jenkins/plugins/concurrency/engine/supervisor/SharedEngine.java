package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.run.NodeBudgets;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the runs of a process share. Connections exist only while a run has them: connections opened with a run's
 * credentials must not serve later runs. Thread-safe.
 */
final class SharedEngine {

    private final boolean shared;
    private final ScheduledExecutorService timer = TimerThread.start("concurrency timer");
    private final NodeBudgets budgets = new NodeBudgets(Runtime.getRuntime().availableProcessors(), timer);

    // Guarded by this.
    private HttpReactor reactor;
    private int borrowers;

    /** @param shared whether there may be more runs than one */
    SharedEngine(boolean shared) {
        this.shared = shared;
    }

    boolean isShared() {
        return shared;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** What they may have under way. */
    NodeBudgets budgets() {
        return budgets;
    }

    /** The reactor, until it is given back. */
    synchronized HttpReactor borrowReactor() {
        if (reactor == null) {
            reactor = new HttpReactor();
        }
        borrowers++;
        return reactor;
    }

    /** Called once by each borrower, when nothing of it is under way. */
    void returnReactor() {
        HttpReactor unused = null;
        synchronized (this) {
            borrowers--;
            if (borrowers == 0) {
                unused = reactor;
                reactor = null;
            }
        }
        if (unused != null) {
            unused.close();
        }
    }
}
