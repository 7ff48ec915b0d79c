package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The runs that this controller follows, so that they are taken up again when their agent comes back. */
final class ActiveRuns {

    private static final Set<AgentRun> RUNS = ConcurrentHashMap.newKeySet();

    private ActiveRuns() {}

    static void add(@NonNull AgentRun run) {
        RUNS.add(run);
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
