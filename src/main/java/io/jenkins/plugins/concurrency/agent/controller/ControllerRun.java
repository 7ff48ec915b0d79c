package io.jenkins.plugins.concurrency.agent.controller;

import hudson.EnvVars;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.run.RunEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** A run in the controller's own process: fetches outside {@code node}. All such runs use one reactor. */
public final class ControllerRun implements RunHandle {

    private final RunFiles build;
    private final Observer observer;
    private final InProcessRun run;

    /** Set when the run starts. */
    private volatile EnvVars environment;

    /** @param build the run's files in the build directory */
    public ControllerRun(RunFiles build, Observer observer) {
        this.build = build;
        this.observer = observer;
        RunEnvironment around = new RunEnvironment(
                name -> environment.get(name),
                new LocalHost(build.outputs()),
                observer::consoleOutput,
                ControllerBudgets.of(build, ControllerBudgets.CONNECTIONS));
        this.run = new InProcessRun(build, around, observer::branchEnded);
    }

    @Override
    public void start() throws IOException, InterruptedException {
        environment = observer.environment();
        int wanted = build.readSpec().work().slots();
        if (wanted > ControllerBudgets.CONNECTIONS.maximum()) {
            observer.warn("at most " + ControllerBudgets.CONNECTIONS.maximum() + " instead of " + wanted
                    + " requests at once: outside 'node' builds share the controller's connections");
        }
        run.start(observer::finished);
    }

    @Override
    public void resume() throws IOException, InterruptedException {
        JournalIndex.read(build.journal()).forEach(observer::branchRestored);
        start();
    }

    @Override
    public void cancel(String why) {
        run.cancel(why);
    }

    @Override
    public CompletionStage<Void> abandon() {
        return run.suspend();
    }
}
