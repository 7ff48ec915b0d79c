package io.jenkins.plugins.concurrency.engine.pool.worker;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.PoolBranch;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.TaskTimer;
import io.jenkins.plugins.concurrency.engine.pool.WorkerSlots;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.Attempter;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sends each branch as a call to one of several persistent worker processes. If a worker dies, only the branches that
 * it worked on fail: one, unless its calls share a process. It is replaced when another is needed.
 */
public final class WorkerAttempter implements Attempter<PoolBranch>, Closeable {

    private final WorkerProtocol protocol;
    private final PoolHost host;
    private final String directory;
    private final String runId;
    private final SecretMask mask;
    private final Function<PoolBranch, OutputReader> outputs;
    private final Consumer<String> onRefused;

    /** Made when it is needed. Guarded by this. */
    private TaskTimer watch;

    private final WorkerPool pool;
    private final WorkerSlots lanes = new WorkerSlots();

    /**
     * @param maxTasks after how many calls a worker is replaced; 0 for never
     * @param directory where workers run, as a path of the host
     * @param mask for what workers write
     * @param outputs makes the reader of a branch's whole output
     * @param onRefused called with a few lines that say why no worker can be used; then no branch can succeed
     */
    public WorkerAttempter(
            WorkerProtocol protocol,
            int maxTasks,
            PoolHost host,
            String directory,
            String runId,
            SecretMask mask,
            Function<PoolBranch, OutputReader> outputs,
            Consumer<String> onRefused) {
        this.protocol = protocol;
        this.host = host;
        this.directory = directory;
        this.runId = runId;
        this.mask = mask;
        this.outputs = outputs;
        this.onRefused = onRefused;
        this.pool = new WorkerPool(
                this::start,
                protocol.callsAtOnce(),
                maxTasks,
                protocol.isExpensiveToStart() ? WorkerTrial.timed() : WorkerTrial.none());
    }

    @Override
    public Attempt attempt(PoolBranch branch, int number) {
        Queue<Runnable> beforeEnd = new ConcurrentLinkedQueue<>();
        int lane = protocol.callsAtOnce() > 1 ? lanes.take() : 0;
        if (lane > 0) {
            beforeEnd.add(() -> lanes.free(lane));
        }
        OutputReader reader = outputs.apply(branch);
        String file = protocol.outputFile(branch);
        WorkerAttempt attempt = new WorkerAttempt(
                pool,
                branch,
                member -> {
                    WorkerAnswers.WorkerOutput output = new WorkerAnswers.WorkerOutput(reader, member.worker().files(), file);
                    if (reader != OutputReader.NONE && file != null) {
                        beforeEnd.add(watch(output));
                    }
                    return new WorkerAnswers(protocol, lane > 0 ? lane : member.number(), mask, output, onRefused);
                },
                () -> beforeEnd.forEach(Runnable::run));
        attempt.askWorker();
        return attempt;
    }

    private synchronized Runnable watch(WorkerAnswers.WorkerOutput output) {
        if (watch == null) {
            watch = new TaskTimer();
        }
        TaskTimer watching = watch;
        watching.add(output);
        return () -> watching.remove(output);
    }

    private Worker start(int number) throws IOException {
        Map<String, Object> opening = protocol.opening();
        WorkerStart start = new WorkerStart(
                number,
                protocol.program(),
                opening == null ? "" : WorkerFrames.line(opening),
                directory,
                PoolEnvironment.runCookie(runId),
                PoolEnvironment.workerCookie());
        return Worker.start(protocol, host.start(start), mask);
    }

    /** Ends the workers that have no call. */
    public void endIdle() {
        pool.endIdle();
    }

    /** Ends the idle workers. Call when no attempt is running. */
    @Override
    public void close() {
        pool.close();
        synchronized (this) {
            if (watch != null) {
                watch.close();
            }
        }
    }
}
