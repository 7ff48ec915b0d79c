package io.jenkins.plugins.concurrency.engine.run;

import io.jenkins.plugins.concurrency.engine.fetch.TrafficSettings;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.schedule.PermitBudget;
import io.jenkins.plugins.concurrency.engine.schedule.PermitDemand;
import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The budgets that all runs of a process on an agent share. Pools without a fixed number share the processors, or the
 * threads for work that waits. A pool with a fixed number gets that number, and less is left for the others. Requests
 * share the connections for which the heap has room. Nothing exceeds the administrator's limits of the node. Each run
 * is an owner. Thread-safe.
 */
public final class NodeBudgets {

    private static final int LEAST_HEAP_MIB = 64;

    private static final int LEAST_REQUESTS = 2;

    private final Map<PoolKind, PermitBudget> free = new EnumMap<>(PoolKind.class);
    private final PermitBudget requests;
    private final PermitBudget processes;
    private final PermitBudget memory;

    private volatile NodeLimits limits = NodeLimits.NONE;

    /**
     * @param processors of this machine
     * @param waker tells runs that they may continue
     */
    public NodeBudgets(int processors, Executor waker) {
        for (PoolKind kind : PoolKind.values()) {
            free.put(kind, PermitBudget.ofAll(1, () -> kind.defaultWidth(processors), waker));
        }
        requests = PermitBudget.ofAll(LEAST_REQUESTS, TrafficSettings::affordableConnections, waker);
        processes = PermitBudget.ofAll(0, () -> orNone(limits.processes()), waker);
        memory = PermitBudget.ofAll(0, () -> orNone(limits.memoryMib()), waker);
    }

    private static int orNone(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /**
     * Sets new limits, also for runs that exist already. While more is running than they allow, nothing more begins.
     */
    public void limit(NodeLimits newLimits) {
        limits = newLimits;
    }

    /** The part of one run. */
    public RunBudgets of(Object owner) {
        return new RunBudgets() {
            @Override
            public Permits requests() {
                return Permits.NONE.and(requests.account(owner));
            }

            @Override
            public Permits pool(RunBudgets.PoolDemand demand, Consumer<String> console) {
                return NodeBudgets.this.pool(owner, demand, console);
            }

            @Override
            public int heapMib(int workers) {
                NodeLimits now = limits;
                int limit = now.memoryMib();
                int atOnce = now.processes() == 0 ? workers : Math.min(workers, now.processes());
                return limit == 0 ? 0 : Math.max(Math.min(LEAST_HEAP_MIB, limit), limit / atOnce);
            }
        };
    }

    private Permits pool(Object owner, RunBudgets.PoolDemand demand, Consumer<String> console) {
        Permits permits =
                Permits.NONE.and(free.get(demand.kind()).account(owner, new PermitDemand(1, 1, false, demand.adapts())));
        if (demand.memoryMib() > 0) {
            permits = permits.and(
                    memory.account(owner, new PermitDemand(demand.memoryMib(), demand.attemptsAtOnce(), demand.stays(), true)),
                    () -> console.accept(waitMessage("memory: " + limits.memoryMib() + " MiB")));
        }
        return permits.and(
                processes.account(owner, new PermitDemand(1, demand.attemptsAtOnce(), demand.stays(), true)),
                () -> console.accept(waitMessage("processes: " + limits.processes())));
    }

    private static String waitMessage(String limit) {
        return "this step waits for its turn: other steps use all that this node's limits allow (" + limit + ")";
    }
}
