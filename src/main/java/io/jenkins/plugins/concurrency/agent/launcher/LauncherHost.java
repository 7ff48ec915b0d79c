package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.model.Computer;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
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
import java.util.function.Consumer;

/**
 * The host behind a launcher, such as a container. It must share the workspace's folders with the agent, as for
 * {@code sh}. Each process that it starts needs a thread of the controller, and so does each task of a shell.
 */
final class LauncherHost implements PoolHost {

    private final LauncherTarget target;
    private final Consumer<String> warnings;

    // Set by prepare, before anything is started.
    private volatile CommandOptions options = CommandOptions.DEFAULT;
    private volatile LauncherShells shells;
    private volatile LauncherOutputs outputs;

    /** @param warnings receives a line if commands can't be started in the fast way */
    LauncherHost(LauncherTarget target, Consumer<String> warnings) {
        this.target = target;
        this.warnings = warnings;
    }

    @Override
    public void prepare(PoolSettings settings) throws IOException {
        options = settings.commands();
        boolean isCommand = settings.function() == null && settings.worker().command() == null;
        String unable = options.pinned() ? "affinity" : options.memFree() > 0 ? "memFree" : null;
        if (unable != null) {
            throw new IOException("'" + unable + "' can't be used inside a container or another decorated launcher");
        }
        try {
            target.at(settings.directory()).mkdirs();
            target.files().create();
            outputs = new LauncherOutputs(target, options.output());
            shells = new LauncherShells(target, settings.directory(), options, isCommand ? warnings : line -> {});
            if (!isCommand) {
                shells.close();
            }
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
        LauncherScript started = new LauncherScript(target, shells, outputs, options, script);
        Computer.threadPoolForRemoting.execute(started);
        return started;
    }

    @Override
    public WorkerProcess start(WorkerStart worker) throws HostException {
        target.checkThere();
        return new LauncherWorker(target, worker, options, shells.transport());
    }

    @Override
    public CompletionStage<Void> kill(ProcessCookie cookie) {
        return shells == null ? target.kill(cookie) : shells.kill(cookie);
    }
}
