package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Node;
import hudson.model.Queue;

/** May keep a task from a node. */
public abstract class QueueTaskDispatcher implements ExtensionPoint {

    public @CheckForNull CauseOfBlockage canTake(Node node, Queue.BuildableItem item) {
        return null;
    }
}
