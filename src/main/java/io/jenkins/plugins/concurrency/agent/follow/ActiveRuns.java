package io.jenkins.plugins.concurrency.agent.follow;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import io.jenkins.plugins.concurrency.agent.PollingTask;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The runs on agents that steps of this controller wait for. Thread-safe. */
@Extension
@Restricted(NoExternalUse.class)
public final class ActiveRuns extends ComputerListener {

    /** A run. */
    interface Member {

        /** The name of the node that the run works on. */
        String node();

        /** The agent may be connected again. Returns at once. */
        void agentOnline();

        /** Called every few seconds. Returns at once. */
        void poll();

        /** Jenkins stops: nothing must be written from now on. */
        void suspend();
    }

    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private final PollingTask polling = new PollingTask(() -> members.forEach(Member::poll), () -> !members.isEmpty());

    static ActiveRuns get() {
        return ExtensionList.lookupSingleton(ActiveRuns.class);
    }

    void add(Member run) {
        members.add(run);
        polling.start();
    }

    void remove(Member run) {
        members.remove(run);
    }

    @Override
    public void onOnline(Computer computer, TaskListener listener) {
        for (Member run : members) {
            if (run.node().equals(computer.getName())) {
                run.agentOnline();
            }
        }
    }

    /** Called when Jenkins stops. */
    @Terminator
    public static void suspendAll() {
        ActiveRuns runs = get();
        runs.members.forEach(Member::suspend);
        runs.members.clear();
    }
}
