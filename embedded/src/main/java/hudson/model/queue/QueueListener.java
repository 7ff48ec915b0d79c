package hudson.model.queue;

import hudson.ExtensionPoint;
import hudson.model.Queue;

/** Hears of what happens in the queue; here nobody but a step takes something out of it. */
public abstract class QueueListener implements ExtensionPoint {

    public void onLeft(Queue.LeftItem li) {}
}
