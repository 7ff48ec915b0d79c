package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueListener;
import hudson.model.queue.QueueTaskDispatcher;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What Jenkins' queue has to know and to tell of runs on several nodes. */
@Restricted(NoExternalUse.class)
public final class NodeQueue {

    private NodeQueue() {}

    /** Gives a run each node once. */
    @Extension
    public static final class Dispatcher extends QueueTaskDispatcher {

        @Override
        @CheckForNull
        public CauseOfBlockage canTake(Node node, Queue.BuildableItem item) {
            if (!(item.task instanceof NodeTask task)) {
                return null;
            }
            String why = task.run().refusalOf(task, node.getNodeName());
            return why == null ? null : new Refusal(why);
        }
    }

    /** Tells a run that somebody has taken it out of the queue. */
    @Extension
    public static final class Listener extends QueueListener {

        @Override
        public void onLeft(Queue.LeftItem item) {
            if (item.isCancelled() && item.task instanceof NodeTask task && !task.isWithdrawn()) {
                task.run().taskCancelled(task);
            }
        }
    }

    private static final class Refusal extends CauseOfBlockage {

        private final String why;

        Refusal(String why) {
            this.why = why;
        }

        @Override
        public String getShortDescription() {
            return why;
        }
    }
}
