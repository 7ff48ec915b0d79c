package io.jenkins.plugins.concurrency.engine.supervisor;

import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.run.NodeBudgets;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the runs of a process share. Connections are closed when no run needs them: a later run must not use connections
 * that were opened with the credentials of an earlier one. Thread-safe.
 */
final class SharedEngine {

    private final boolean shared;
    private final ScheduledExecutorService timer = TimerThread.start("concurrency timer");
    private final NodeBudgets budgets = new NodeBudgets(Runtime.getRuntime().availableProcessors(), timer);

    // Guarded by this.
    private HttpReactor reactor;
    private int borrowers;

    /** @param shared whether the process may have several runs */
    SharedEngine(boolean shared) {
        this.shared = shared;
    }

    boolean isShared() {
        return shared;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** What the runs may do at once. */
    NodeBudgets budgets() {
        return budgets;
    }

    /** The reactor. Whoever borrows it must return it. */
    synchronized HttpReactor borrowReactor() {
        if (reactor == null) {
            reactor = new HttpReactor();
        }
        borrowers++;
        return reactor;
    }

    /** Called once by each borrower, when it has no running requests. */
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
