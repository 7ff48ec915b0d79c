package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.CommandAttempter;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.StartThrottle;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionProtocol;
import io.jenkins.plugins.concurrency.engine.pool.output.BranchOutputs;
import io.jenkins.plugins.concurrency.engine.pool.worker.JsonWorkerProtocol;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerAttempter;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerProtocol;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.Permits;
import io.jenkins.plugins.concurrency.engine.schedule.ScheduleLimits;
import io.jenkins.plugins.concurrency.engine.schedule.StartGate;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The work of a pool.
 *
 * @param workers how many branches run at once
 * @param attempter does the work
 * @param gate decides when another attempt may start
 * @param permits what each attempt needs; closed with the rest
 * @param endIdle ends processes that do nothing
 * @param afterwards closed when no attempt is running any more
 */
record PoolWork(
        int workers,
        Attempter<PoolBranch> attempter,
        StartGate gate,
        Permits permits,
        Runnable endIdle,
        Closeable afterwards) {

    /** The node's memory is divided into at least so many parts if a worker may have several calls at once. */
    private static final int LEAST_SHARERS = 4;

    ScheduleLimits limits() {
        return new ScheduleLimits(workers, gate).within(permits);
    }

    /**
     * Prepares the work of a pool.
     *
     * @param environment where its processes run, and what it shares with other runs
     * @param outputs makes what reads commands' outputs; closed with the rest
     * @param onRefused called with the reason if no worker can be used; then no branch can succeed
     * @throws IOException if the host can't do such work, in one line
     */
    static PoolWork of(
            RunSpec spec,
            PoolSettings settings,
            RunEnvironment environment,
            SecretMask mask,
            BranchOutputs outputs,
            Consumer<String> onRefused)
            throws IOException {
        PoolHost host = environment.host();
        host.prepare(settings);
        StartGate gate = StartThrottle.of(settings.commands(), host);
        int wanted = spec.limits().widthOf(settings, settings.workers() > 0 ? 0 : host.processors());
        int heap = settings.function() == null ? 0 : heap(settings, wanted, environment.budgets());
        Permits permits = environment.budgets().pool(demand(settings, wanted, heap), environment.console());
        int workers = permits.width(wanted);
        if (workers < wanted && settings.workers() > 0) {
            environment.console().accept("at most " + workers + " instead of " + wanted
                    + " at once: this node's limits for all steps together allow no more");
        }
        WorkerProtocol protocol = protocol(settings, workers, heap);
        if (protocol != null) {
            WorkerAttempter attempter = new WorkerAttempter(
                    protocol,
                    settings.commands().maxTasksPerWorker(),
                    host,
                    settings.directory(),
                    spec.id(),
                    mask,
                    outputs::of,
                    onRefused);
            return new PoolWork(
                    workers,
                    limited(attempter, spec, host),
                    gate,
                    permits,
                    attempter::endIdle,
                    closing(permits, attempter, outputs));
        }
        if (settings.template() != null && host.shell() == MachineShell.WINDOWS) {
            throw new IOException("'inputs' with 'command' needs a POSIX shell; use 'tasks' or 'groovy' on Windows");
        }
        CommandTemplate template = settings.template() == null ? null : new CommandTemplate(settings.template());
        CommandAttempter commands = new CommandAttempter(
                template, settings.commands().shell(), host, settings.directory(), spec.id(), mask, outputs::of);
        return new PoolWork(
                workers, limited(commands, spec, host), gate, permits, () -> {}, closing(permits, commands, outputs));
    }

    /**
     * How many calls a worker has at once. Functions of work that waits are all called in one worker, unless workers
     * are replaced after some tasks.
     */
    private static int callsAtOnce(PoolSettings settings, int workers) {
        if (settings.function() == null || settings.kind() != PoolKind.IO) {
            return 1;
        }
        int tasks = settings.commands().maxTasksPerWorker();
        return tasks == 0 ? workers : Math.min(workers, tasks);
    }

    /** How many worker processes are needed for so many calls at once. */
    private static int processes(PoolSettings settings, int workers) {
        int calls = callsAtOnce(settings, workers);
        return (workers + calls - 1) / calls;
    }

    private static int heap(PoolSettings settings, int workers, RunBudgets budgets) {
        int asked = settings.worker().memory();
        if (asked > 0) {
            return asked;
        }
        int sharers = Math.min(workers, LEAST_SHARERS); // one process of many threads leaves others something too
        return budgets.heapMib(Math.max(processes(settings, workers), sharers));
    }

    private static RunBudgets.PoolDemand demand(PoolSettings settings, int workers, int heap) {
        boolean stays = settings.function() != null || settings.worker().command() != null;
        return new RunBudgets.PoolDemand(
                settings.kind(),
                settings.workers() == 0,
                callsAtOnce(settings, workers),
                settings.function() == null ? settings.commands().memory() : heap,
                stays);
    }

    private static Closeable closing(Permits permits, Closeable attempter, BranchOutputs outputs) {
        return () -> {
            permits.close();
            attempter.close();
            outputs.close();
        };
    }

    /** The protocol of the pool's workers, or {@code null} if it has none. */
    @CheckForNull
    private static WorkerProtocol protocol(PoolSettings settings, int workers, int heap) {
        PoolSettings.WorkerOptions options = settings.worker();
        OutputOptions output = settings.commands().output();
        if (options.command() != null) {
            return new JsonWorkerProtocol(InterpretedScript.of(options.command(), settings.commands().shell()));
        }
        if (settings.function() == null) {
            return null;
        }
        return new FunctionProtocol(
                settings.function(),
                options.classPath(),
                new WorkerStart.Program.Functions(heap, processes(settings, workers)),
                callsAtOnce(settings, workers),
                output.isRead() ? output.maxBytes() : -1);
    }

    private static Attempter<PoolBranch> limited(Attempter<PoolBranch> attempter, RunSpec spec, PoolHost host) {
        return host.repeatsInterrupted() ? attempter : AttemptFilters.counted(attempter, spec.policy().retry());
    }
}
