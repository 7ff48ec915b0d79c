package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads of this plugin that may wait for a disk or an agent. They are few, however many runs there are. Each
 * agent has its own threads. So an agent that does not answer delays no other.
 */
public final class RunThreads {

    private static final Logger LOGGER = Logger.getLogger(RunThreads.class.getName());

    private static final int CONTROLLER_WIDTH = 8;
    private static final int AGENT_WIDTH = 4;

    /** If there are more, unused ones are removed. */
    private static final int MANY_AGENTS = 100;

    private static final BoundedExecutor CONTROLLER = new BoundedExecutor(CONTROLLER_WIDTH);

    /** By the names of nodes. Guarded by the class. */
    private static final Map<String, BoundedExecutor> AGENTS = new HashMap<>();

    private RunThreads() {}

    /** For tasks that wait for the controller's disk or for Pipelines. */
    public static Executor ofController() {
        return CONTROLLER;
    }

    /**
     * For tasks that wait for an agent.
     *
     * @param node the name of the agent's node
     */
    public static synchronized Executor ofAgent(String node) {
        if (AGENTS.size() > MANY_AGENTS) {
            AGENTS.values().removeIf(BoundedExecutor::isIdle);
        }
        return AGENTS.computeIfAbsent(node, name -> new BoundedExecutor(AGENT_WIDTH));
    }

    /** Runs tasks in their order, a limited number at once. Without tasks it has no thread. */
    private static final class BoundedExecutor implements Executor {

        private final int width;

        // Guarded by this.
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private int working;

        BoundedExecutor(int width) {
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
}
