package io.jenkins.plugins.concurrency.agent.controller;

import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.run.RunBudgets;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.PermitBudget;
import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The budgets of all builds together in the controller's own process. */
public final class ControllerBudgets {

    /** Connections may use the heap divided by this. Jenkins needs the rest. */
    private static final int SHARE_OF_HEAP = 8;

    private static final int BYTES_OF_CONNECTION = 64 * 1024;

    private static final int FEWEST_CONNECTIONS = 32;
    private static final int STANDARD_MOST_CONNECTIONS = 4_000;
    private static final int STANDARD_TASKS = 200;

    /** For requests outside {@code node}; each needs a connection. */
    static final PermitBudget CONNECTIONS =
            PermitBudget.withSpare(ControllerBudgets::connections, ControllerReactor.TIMER);

    /** For tasks that are started through launchers; each needs a thread. */
    public static final PermitBudget TASKS = PermitBudget.withSpare(ControllerBudgets::tasks, ControllerReactor.TIMER);

    /** Builds share the controller. So a server that never answers can't keep a connection longer than this. */
    private static final Duration LONGEST_REQUEST = Duration.ofHours(1);

    private ControllerBudgets() {}

    /** The part of one run. All runs of its build are one owner. */
    public static RunBudgets of(RunFiles build, PermitBudget budget) {
        Path owner = build.directory().getParent();
        return new RunBudgets() {
            @Override
            public Object owner(String runId) {
                return owner;
            }

            @Override
            public Permits requests() {
                return Permits.NONE.and(budget.account(owner));
            }

            @Override
            public Duration longestRequest() {
                return LONGEST_REQUEST;
            }

            @Override
            public Permits pool(RunBudgets.PoolDemand demand, Consumer<String> console) {
                return Permits.NONE.and(budget.account(owner));
            }
        };
    }

    private static int connections() {
        int configured = ConcurrencyConfiguration.get().getControllerConnections();
        if (configured > 0) {
            return configured;
        }
        long affordable = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_CONNECTION;
        return (int) Math.max(FEWEST_CONNECTIONS, Math.min(affordable, STANDARD_MOST_CONNECTIONS));
    }

    private static int tasks() {
        int configured = ConcurrencyConfiguration.get().getControllerTasks();
        return configured > 0 ? configured : STANDARD_TASKS;
    }
}
