package io.jenkins.plugins.concurrency.agent;

import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.Script;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.Shell;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** In place of a host that will not come back: every branch that has not ended is lost. */
final class GoneHost implements PoolHost {

    private final String why;

    GoneHost(String why) {
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
    public Shell shell() {
        return Shell.POSIX;
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
    public RunningScript start(Script script) throws HostException {
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
