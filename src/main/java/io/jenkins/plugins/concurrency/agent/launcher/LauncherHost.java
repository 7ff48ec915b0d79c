package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.model.Computer;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.PoolHost;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;

/**
 * The host behind a launcher, such as a container. It must share the workspace's folders with the agent, as for
 * {@code sh}. Each running process needs one thread of the controller.
 */
final class LauncherHost implements PoolHost {

    private final LauncherTarget target;

    LauncherHost(LauncherTarget target) {
        this.target = target;
    }

    @Override
    public void prepare(PoolSettings settings) throws IOException {
        String unable = settings.commands().onlyOnOwnMachine();
        if (unable != null) {
            throw new IOException("'" + unable + "' can't be used inside a container or another decorated launcher");
        }
        try {
            target.at(settings.directory()).mkdirs();
            if (settings.function() != null) {
                LauncherJava.check(target, settings.directory());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", cause);
    }

    /** The processors of the agent. A container may be allowed to use fewer. */
    @Override
    public int processors() throws IOException {
        try {
            return target.processors();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public MachineShell shell() {
        return target.shell();
    }

    /** No: running tasks end with the controller or its connection, and count as attempts. */
    @Override
    public boolean repeatsInterrupted() {
        return false;
    }

    @Override
    public InputStream open(String file) throws IOException {
        try {
            return target.at(file).read();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public RunningScript start(ScriptSpec script) throws HostException {
        target.checkThere();
        LauncherScript started = new LauncherScript(target, script);
        Computer.threadPoolForRemoting.execute(started);
        return started;
    }

    @Override
    public WorkerProcess start(WorkerStart worker) throws HostException {
        target.checkThere();
        return new LauncherWorker(target, worker);
    }

    @Override
    public CompletionStage<Void> kill(ProcessCookie cookie) {
        return target.kill(cookie);
    }
}
