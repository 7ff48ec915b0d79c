package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.SubTask;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import java.util.Collection;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A run's place in Jenkins' queue for one more node. Is not kept over a restart: the step asks anew. Public for the pages
 * that show it.
 */
@Restricted(NoExternalUse.class)
public final class NodeTask implements Queue.TransientTask, AccessControlled {

    private final NodesRun run;
    private final Run<?, ?> build;
    private final String label;

    @CheckForNull
    private final String user;

    /** The part that has to get its own node again, or {@code null}. */
    @CheckForNull
    private final NodePart returning;

    /** Whether it is the run that takes it out of the queue. */
    private volatile boolean withdrawn;

    NodeTask(
            @NonNull NodesRun run,
            @NonNull Run<?, ?> build,
            @NonNull String label,
            @CheckForNull String user,
            @CheckForNull NodePart returning) {
        this.run = run;
        this.build = build;
        this.label = label;
        this.user = user;
        this.returning = returning;
    }

    @NonNull
    NodesRun run() {
        return run;
    }

    @CheckForNull
    NodePart returning() {
        return returning;
    }

    /** On whose behalf it waits; {@code null} for the system's. */
    @CheckForNull
    String user() {
        return user;
    }

    /** Enters the queue. */
    void enter() {
        Queue.getInstance().schedule2(this, 0);
    }

    /** Leaves the queue, if it is still there. */
    void withdraw() {
        withdrawn = true;
        Queue.getInstance().cancel(this);
    }

    boolean isWithdrawn() {
        return withdrawn;
    }

    /** What it waits for, for people; {@code null} if it is not in the queue. */
    @CheckForNull
    String whyItWaits() {
        Queue.Item item = Queue.getInstance().getItem(this);
        return item == null ? null : item.getWhy();
    }

    @Override
    public Label getAssignedLabel() {
        return Label.get(label);
    }

    @Override
    public Queue.Executable createExecutable() {
        return new NodeExecutable(this);
    }

    @NonNull
    @Override
    public Queue.Task getOwnerTask() {
        return build.getParent() instanceof Queue.Task job ? job : this;
    }

    @Override
    public Queue.Executable getOwnerExecutable() {
        return build instanceof Queue.Executable executable ? executable : null;
    }

    @Override
    public Collection<? extends SubTask> getSubTasks() {
        return Set.of(this);
    }

    @Override
    public boolean isConcurrentBuild() {
        return true;
    }

    @Override
    public String getName() {
        return getDisplayName();
    }

    @Override
    public String getDisplayName() {
        return "part of " + build.getFullDisplayName();
    }

    @Override
    public String getFullDisplayName() {
        return getDisplayName();
    }

    @Override
    public String getUrl() {
        return build.getUrl();
    }

    @NonNull
    @Override
    public ACL getACL() {
        return build.getACL();
    }

    @Override
    public void checkAbortPermission() {
        build.checkPermission(Item.CANCEL);
    }

    @Override
    public boolean hasAbortPermission() {
        return build.hasPermission(Item.CANCEL);
    }
}
