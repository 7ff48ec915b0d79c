package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A script in a child of this process. Its output goes to files, so no thread copies it. */
final class LocalScript implements RunningScript {

    private final Process process;
    private final ProcessCookie cookie;
    private final TaskFiles files;
    private final CompletionStage<End> end;

    /** Set by the first abort; completes when the whole tree is gone. Guarded by this. */
    private CompletionStage<Void> killed;

    LocalScript(Process process, ProcessCookie cookie, TaskFiles files) {
        this.process = process;
        this.cookie = cookie;
        this.files = files;
        this.end = process.onExit().thenCompose(ended -> killedOrNow()).thenApply(ignored -> collect());
    }

    @Override
    public CompletionStage<End> end() {
        return end;
    }

    @Override
    public synchronized void abort() {
        if (killed == null && process.isAlive()) {
            killed = ProcessKiller.kill(process.toHandle(), cookie);
        }
    }

    private synchronized CompletionStage<Void> killedOrNow() {
        return killed == null ? CompletableFuture.completedFuture(null) : killed;
    }

    private End collect() {
        try {
            return new End(process.exitValue(), OutputTail.read(files.stdout()), OutputTail.read(files.stderr()));
        } catch (IOException e) {
            throw new CompletionException(
                    HostException.notStarted("can't read the command's output: " + e.getMessage()));
        } finally {
            files.delete();
        }
    }
}
