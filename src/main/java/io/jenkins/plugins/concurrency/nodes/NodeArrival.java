package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.TopLevelItem;
import hudson.slaves.WorkspaceList;
import java.io.IOException;

/** What happens on an executor that a run has got, before the run goes on without its thread. May wait for a workspace. */
final class NodeArrival {

    private final NodesRun run;
    private final NodeTask task;
    private final Executor executor;
    private final Computer computer;

    NodeArrival(@NonNull NodesRun run, @NonNull NodeTask task, @NonNull Executor executor) {
        this.run = run;
        this.task = task;
        this.executor = executor;
        this.computer = executor.getOwner();
    }

    /** The run has this node already. */
    @CheckForNull
    NodeHold refuse() {
        run.taskEnded(task);
        return null;
    }

    /**
     * Begins a part in a workspace of the job.
     *
     * @param id of the part
     * @return what it holds; {@code null} if it can't be begun
     */
    @CheckForNull
    NodeHold begin(@NonNull String id) {
        try {
            Node node = computer.getNode();
            FilePath wanted = node != null && run.build().getParent() instanceof TopLevelItem job
                    ? node.getWorkspaceFor(job)
                    : null;
            if (wanted == null) {
                throw new IOException("it has no workspace");
            }
            WorkspaceList.Lease lease = computer.getWorkspaceList().allocate(wanted);
            NodePlace place = NodePlace.of(computer, lease.path, id, executor.getNumber());
            NodePart part = new NodePart(run, id, run.filesOf(id), place);
            NodeHold hold = new NodeHold(lease, () -> run.takenAway(part));
            part.hold(hold);
            run.arrived(task, part);
            return hold;
        } catch (IOException | RuntimeException e) {
            run.nodeFailed(task, computer.getName(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            run.nodeFailed(task, computer.getName(), "it was interrupted");
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Gives a part back what it had when the controller was restarted: the same workspace. */
    @CheckForNull
    NodeHold hold(@NonNull NodePart part) {
        try {
            Node node = computer.getNode();
            FilePath workspace = node == null ? null : node.createPath(part.place().workspace());
            if (workspace == null) {
                throw new IOException("it is not connected");
            }
            WorkspaceList.Lease lease = computer.getWorkspaceList().acquire(workspace);
            NodeHold hold = new NodeHold(lease, () -> run.takenAway(part));
            run.returned(part, hold);
            return hold;
        } catch (IOException | RuntimeException e) {
            run.partFailed(part, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            run.partFailed(part, "it was interrupted");
            Thread.currentThread().interrupt();
        }
        return null;
    }
}
