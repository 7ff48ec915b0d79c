package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.slaves.WorkspaceList;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.model.queue.AsynchronousExecution;
import jenkins.util.Timer;

/** What a run holds on a node, without a thread: an executor and a workspace. */
final class NodeHold extends AsynchronousExecution {

    private static final long serialVersionUID = 1;

    private final transient WorkspaceList.Lease lease;
    private final transient Runnable onInterrupt;
    private final transient AtomicBoolean released = new AtomicBoolean();

    /** @param onInterrupt called when somebody wants the executor back */
    NodeHold(@NonNull WorkspaceList.Lease lease, @NonNull Runnable onInterrupt) {
        this.lease = lease;
        this.onInterrupt = onInterrupt;
    }

    /** Gives both back. Returns at once; further calls do nothing. */
    void release() {
        if (released.compareAndSet(false, true)) {
            lease.release();
            Timer.get().execute(() -> completed(null)); // not with a lock that the executor may want
        }
    }

    @Override
    public void interrupt(boolean forShutdown) {
        if (!forShutdown) {
            Timer.get().execute(onInterrupt);
        }
    }

    /** The run goes on without the controller. */
    @Override
    public boolean blocksRestart() {
        return false;
    }

    @Override
    public boolean displayCell() {
        return true;
    }
}
