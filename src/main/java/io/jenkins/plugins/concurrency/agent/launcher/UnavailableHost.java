package io.jenkins.plugins.concurrency.agent.launcher;

import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.CommandShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Replaces a host that will not be available again: every branch that has not ended is lost. */
final class UnavailableHost implements PoolHost {

    private final String why;

    UnavailableHost(String why) {
        this.why = why;
    }

    @Override
    public void prepare(PoolSettings settings) {
        // nothing will be started
    }

    @Override
    public int processors() {
        return 1;
    }

    @Override
    public CommandShell shell() {
        return CommandShell.POSIX;
    }

    @Override
    public boolean repeatsInterrupted() {
        return true; // and so has one reason for all
    }

    @Override
    public InputStream open(String file) throws HostException {
        throw HostException.lost(why);
    }

    @Override
    public RunningScript start(ScriptSpec script) throws HostException {
        throw HostException.lost(why);
    }

    @Override
    public WorkerProcess start(WorkerStart worker) throws HostException {
        throw HostException.lost(why);
    }

    @Override
    public CompletionStage<Void> kill(ProcessCookie cookie) {
        return CompletableFuture.completedFuture(null);
    }
}
