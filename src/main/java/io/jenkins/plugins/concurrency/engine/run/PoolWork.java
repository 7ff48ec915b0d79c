package io.jenkins.plugins.concurrency.engine.run;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.CommandAttempter;
import io.jenkins.plugins.concurrency.engine.pool.CommandTemplate;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.PoolKind;
import io.jenkins.plugins.concurrency.engine.pool.StartPace;
import io.jenkins.plugins.concurrency.engine.pool.WorkerOptions;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProgram;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionProtocol;
import io.jenkins.plugins.concurrency.engine.pool.output.BranchOutputs;
import io.jenkins.plugins.concurrency.engine.pool.worker.JsonWorkerProtocol;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerAttempter;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerProtocol;
import io.jenkins.plugins.concurrency.engine.process.Shell;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import io.jenkins.plugins.concurrency.engine.schedule.StartGate;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Who does a pool's work.
 *
 * @param workers how many branches at once
 * @param attempter does it
 * @param gate says when another may begin
 * @param afterwards closed when no attempt is under way any more
 */
record PoolWork(
        int workers,
        @NonNull Attempter<PoolBranch> attempter,
        @NonNull StartGate gate,
        @NonNull Closeable afterwards) {

    /**
     * Makes ready for a pool.
     *
     * @param outputs makes what reads commands' outputs; closed with the rest
     * @param onRefused told why no worker will do: no branch can succeed then
     * @throws IOException if the host can't do such work, in one line
     */
    @NonNull
    static PoolWork of(
            @NonNull RunSpec spec,
            @NonNull PoolSettings settings,
            @NonNull PoolHost host,
            @NonNull SecretMask mask,
            @NonNull BranchOutputs outputs,
            @NonNull Consumer<String> onRefused)
            throws IOException {
        host.prepare(settings);
        StartGate gate = StartPace.of(settings.commands(), host);
        int workers = spec.limits().widthOf(settings, settings.workers() > 0 ? 0 : host.processors());
        WorkerProtocol protocol = protocol(settings, workers);
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
            return new PoolWork(workers, limited(attempter, spec, host), gate, closing(attempter, outputs));
        }
        if (settings.template() != null && host.shell() == Shell.WINDOWS) {
            throw new IOException("'inputs' with 'command' needs a POSIX shell; use 'tasks' or 'groovy' on Windows");
        }
        CommandTemplate template = settings.template() == null ? null : CommandTemplate.parse(settings.template());
        CommandAttempter commands = new CommandAttempter(
                template, host, settings.directory(), spec.id(), mask, outputs::of);
        return new PoolWork(workers, limited(commands, spec, host), gate, closing(commands, outputs));
    }

    private static Closeable closing(Closeable attempter, BranchOutputs outputs) {
        return () -> {
            attempter.close();
            outputs.close();
        };
    }

    /** What the pool's workers are told, or {@code null} if it has none. */
    private static WorkerProtocol protocol(PoolSettings settings, int workers) {
        WorkerOptions options = settings.worker();
        OutputOptions output = settings.commands().output();
        if (options.command() != null) {
            return new JsonWorkerProtocol(options.command());
        }
        if (settings.function() == null) {
            return null;
        }
        boolean threads = settings.kind() == PoolKind.IO;
        return new FunctionProtocol(
                settings.function(),
                options.classPath(),
                new WorkerProgram.Functions(options.memory(), threads ? 1 : workers),
                threads ? workers : 1,
                output.isRead() ? output.maxBytes() : -1);
    }

    private static Attempter<PoolBranch> limited(Attempter<PoolBranch> attempter, RunSpec spec, PoolHost host) {
        return host.repeatsInterrupted() ? attempter : new CountedAttempts(attempter, spec.policy().retry());
    }
}
