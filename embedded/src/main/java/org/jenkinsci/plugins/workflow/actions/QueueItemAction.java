package org.jenkinsci.plugins.workflow.actions;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import hudson.model.Queue;

/** Where in the queue a step waits. */
public abstract class QueueItemAction extends InvisibleAction {

    public abstract @CheckForNull Queue.Item itemInQueue();
}
