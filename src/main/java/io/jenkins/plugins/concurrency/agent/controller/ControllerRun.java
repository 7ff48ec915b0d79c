package io.jenkins.plugins.concurrency.agent.controller;

import hudson.EnvVars;
import hudson.init.Terminator;
import io.jenkins.plugins.concurrency.agent.RunHandle;
import io.jenkins.plugins.concurrency.engine.fetch.HttpReactor;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.pool.local.LocalHost;
import io.jenkins.plugins.concurrency.engine.run.RunEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunExecutor;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.schedule.TimerThread;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/** A run in the controller's own process: fetches outside {@code node}. All of them use one reactor. */
public final class ControllerRun implements RunHandle {

    private final RunFiles build;
    private final Observer observer;
    private final InProcessRun run;

    /** Known once the run starts. */
    private volatile EnvVars environment;

    /** @param build the run's files in the build directory */
    public ControllerRun(RunFiles build, Observer observer) {
        this.build = build;
        this.observer = observer;
        RunEnvironment around = new RunEnvironment(
                name -> environment.get(name),
                new LocalHost(build.outputs()),
                observer::said,
                ControllerBudgets.of(build, ControllerBudgets.CONNECTIONS));
        this.run = new InProcessRun(build, around, observer::branchEnded);
    }

    @Override
    public void start() throws IOException, InterruptedException {
        environment = observer.environment();
        int wanted = build.readSpec().work().slots();
        if (wanted > ControllerBudgets.CONNECTIONS.most()) {
            observer.warn("at most " + ControllerBudgets.CONNECTIONS.most() + " instead of " + wanted
                    + " requests at once: outside 'node' builds share the controller's connections");
        }
        run.start(observer::finished);
    }

    @Override
    public void resume() throws IOException, InterruptedException {
        JournalIndex.read(build.journal()).forEach(observer::branchEnded);
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

    /** The controller's reactor, opened when first needed. */
    public static final class SharedReactor {

        /** Idle without runs; Jenkins' own timer would keep every cancelled time limit until it is due. */
        static final ScheduledExecutorService TIMER = TimerThread.start("concurrency timer");

        /** Those under way. */
        static final Set<RunExecutor> RUNS = ConcurrentHashMap.newKeySet();

        /** Guarded by the class. */
        private static HttpReactor reactor;

        private SharedReactor() {}

        static synchronized HttpReactor get() {
            if (reactor == null) {
                reactor = new HttpReactor();
            }
            return reactor;
        }

        /** Called when Jenkins goes down. */
        @Terminator
        public static synchronized void close() {
            List<RunExecutor> left = List.copyOf(RUNS);
            RUNS.clear();
            // Before their connections break, which is not how their branches end.
            left.forEach(RunExecutor::suspend);
            if (reactor != null) {
                reactor.close();
                reactor = null;
            }
        }
    }
}
