package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.SystemProperties;
import jenkins.util.Timer;

/** The runs that this controller follows, so that they are taken up again when their agent comes back. */
final class ActiveRuns {

    private static final Set<AgentRun> RUNS = ConcurrentHashMap.newKeySet();

    private static final long LOOK_SECONDS = 5;

    /** How long an agent may be without a connection before the steps that wait for it fail. */
    private static final String PATIENCE_PROPERTY = "io.jenkins.plugins.concurrency.agentTimeoutSeconds";

    private static final long DEFAULT_PATIENCE_SECONDS = TimeUnit.HOURS.toSeconds(1);

    /** Guarded by the class. */
    private static Future<?> look;

    private ActiveRuns() {}

    static void add(@NonNull AgentRun run) {
        RUNS.add(run);
        synchronized (ActiveRuns.class) {
            if (look == null) {
                look = Timer.get().scheduleWithFixedDelay(ActiveRuns::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** Stops looking when there is nothing to look at; an exception must not stop it earlier. */
    private static void look() {
        synchronized (ActiveRuns.class) {
            if (RUNS.isEmpty()) {
                look.cancel(false);
                look = null;
                return;
            }
        }
        long patienceSeconds = SystemProperties.getLong(PATIENCE_PROPERTY, DEFAULT_PATIENCE_SECONDS);
        for (AgentRun run : RUNS) {
            Computer.threadPoolForRemoting.execute(() -> run.checkAgent(TimeUnit.SECONDS.toMillis(patienceSeconds)));
        }
    }

    static void remove(@NonNull AgentRun run) {
        RUNS.remove(run);
    }

    /** Tells the runs of an agent that it is connected again. */
    @Extension
    public static final class Reconnector extends ComputerListener {
        @Override
        public void onOnline(Computer computer, TaskListener listener) {
            for (AgentRun run : RUNS) {
                if (run.node().equals(computer.getName())) {
                    Computer.threadPoolForRemoting.execute(run::reconnected);
                }
            }
        }
    }
}
