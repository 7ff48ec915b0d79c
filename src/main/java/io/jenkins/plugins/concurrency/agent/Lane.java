package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs tasks in the order in which they came, so many at once at most. Has no thread while there is none. */
public final class Lane implements Executor {

    private static final Logger LOGGER = Logger.getLogger(Lane.class.getName());

    private final int width;

    // Guarded by this.
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int working;

    /** @param width how many tasks at once */
    public Lane(int width) {
        this.width = width;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            waiting.add(task);
            if (working == width) {
                return;
            }
            working++;
        }
        Computer.threadPoolForRemoting.execute(this::work);
    }

    private void work() {
        for (Runnable task; (task = next()) != null; ) {
            try {
                task.run();
            } catch (Throwable e) {
                LOGGER.log(Level.WARNING, e, () -> "a task failed");
            }
        }
    }

    @CheckForNull
    private synchronized Runnable next() {
        Runnable task = waiting.poll();
        if (task == null) {
            working--;
        }
        return task;
    }

    synchronized boolean isIdle() {
        return working == 0;
    }
}
