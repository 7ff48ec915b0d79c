package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Executor;
import hudson.model.Queue;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A run's part on the node whose executor it has got. Public for the pages that show it. */
@Restricted(NoExternalUse.class)
public final class NodeExecutable implements Queue.Executable {

    private final NodeTask task;

    NodeExecutable(@NonNull NodeTask task) {
        this.task = task;
    }

    @NonNull
    @Override
    public NodeTask getParent() {
        return task;
    }

    @Override
    public Queue.Executable getParentExecutable() {
        return task.getOwnerExecutable();
    }

    /** Keeps the executor, not its thread, unless the run has no use for it. */
    @Override
    public void run() {
        Executor executor = Executor.currentExecutor();
        if (executor == null) {
            throw new IllegalStateException("not on an executor");
        }
        NodeHold hold = task.run().nodeIsThere(task, executor);
        if (hold != null) {
            throw hold;
        }
    }

    @Override
    public long getEstimatedDuration() {
        return -1;
    }

    /** For pages. */
    public String getDisplayName() {
        return task.getDisplayName();
    }

    /** For pages. */
    public String getFullDisplayName() {
        return task.getFullDisplayName();
    }

    /** For pages. */
    public String getUrl() {
        return task.getUrl();
    }

    @Override
    public String toString() {
        return task.getDisplayName();
    }
}
