package io.jenkins.plugins.concurrency.engine.pool.local;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.ResourceUsage;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import java.util.function.LongSupplier;

/** Measures the memory and the disk space of a running task periodically. */
final class TaskMeter implements Runnable {

    private final TaskFiles files;
    private final OutputReader outputs;
    private final long maxOutputBytes;
    private final LongSupplier parent;
    private final Runnable onTooLarge;

    // Guarded by this.
    private long peakKb;
    private RunningScript.Cause cause = RunningScript.Cause.ITSELF;

    /**
     * @param outputs the reader of the outputs
     * @param maxOutputBytes the limit of the outputs; 0 for no limit
     * @param parent gives the process whose descendants are measured
     * @param onTooLarge called once, when the outputs exceed the limit
     */
    TaskMeter(TaskFiles files, OutputReader outputs, long maxOutputBytes, LongSupplier parent, Runnable onTooLarge) {
        this.files = files;
        this.outputs = outputs;
        this.maxOutputBytes = maxOutputBytes;
        this.parent = parent;
        this.onTooLarge = onTooLarge;
    }

    /** Measures once. */
    @Override
    public void run() {
        long kb = ProcessMemory.peakKbBelow(parent.getAsLong());
        boolean more = maxOutputBytes > 0 && files.outputBytes() > maxOutputBytes;
        synchronized (this) {
            peakKb = Math.max(peakKb, kb);
        }
        if (more && endedBy(RunningScript.Cause.TOO_LARGE)) {
            onTooLarge.run();
        }
        outputs.poll(files.stdout(), files.stderr());
    }

    /**
     * Sets why the task ended, if nothing was set before.
     *
     * @return whether it was set
     */
    synchronized boolean endedBy(RunningScript.Cause by) {
        if (cause != RunningScript.Cause.ITSELF) {
            return false;
        }
        cause = by;
        return true;
    }

    /** How the task ended, with its resources and outputs. */
    RunningScript.End end(int exitCode, @CheckForNull Long cpuMillis) {
        ResourceUsage usage;
        RunningScript.Cause endedBy;
        synchronized (this) {
            usage = new ResourceUsage(cpuMillis, peakKb == 0 ? null : peakKb);
            endedBy = cause;
        }
        return files.end(exitCode, usage, endedBy, outputs);
    }
}
