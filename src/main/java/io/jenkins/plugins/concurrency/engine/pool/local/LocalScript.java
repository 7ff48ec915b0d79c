package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.Script;
import io.jenkins.plugins.concurrency.engine.pool.TaskWatch;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A script in a child of this process. Its output goes to files, so no thread copies it. */
final class LocalScript implements RunningScript {

    private final Process process;
    private final ProcessCookie cookie;
    private final TaskMeter meter;
    private final CompletionStage<End> end;

    /** Set by the first abort; completes when the whole tree is gone. Guarded by this. */
    private CompletionStage<Void> killed;

    LocalScript(Process process, Script script, TaskFiles files, long maxOutputBytes, TaskWatch watch) {
        this.process = process;
        this.cookie = script.branch();
        this.meter = new TaskMeter(files, script.outputs(), maxOutputBytes, process::pid, this::force);
        this.end = process.onExit()
                .thenCompose(ended -> killedOrNow())
                .thenApply(ignored -> meter.end(process.exitValue(), null))
                .whenComplete((ended, thrown) -> {
                    watch.remove(meter);
                    files.delete();
                });
        watch.add(meter);
    }

    @Override
    public CompletionStage<End> end() {
        return end;
    }

    @Override
    public synchronized void abort() {
        if (killed == null && process.isAlive()) {
            meter.endedBy(Cause.ABORTED);
            killed = ProcessKiller.killGroups(List.of(process.toHandle()), cookie);
        }
    }

    /** Ends it without asking: who fills a disk must not have the time to. */
    private synchronized void force() {
        if (killed == null && process.isAlive()) {
            killed = ProcessKiller.forceGroups(List.of(process.toHandle()), cookie);
        }
    }

    private synchronized CompletionStage<Void> killedOrNow() {
        return killed == null ? CompletableFuture.completedFuture(null) : killed;
    }
}
