package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.queue.WorkUnit;

/** One thing that runs on a node. It has no thread of its own here. */
public class Executor extends Thread implements ModelObject {

    private final Computer owner;
    private final WorkUnit work;

    Executor(Computer owner, WorkUnit work) {
        this.owner = owner;
        this.work = work;
    }

    public @CheckForNull WorkUnit getCurrentWorkUnit() {
        return work;
    }

    /** Gives the executor back; for the embedded runtime only. */
    public void embeddedRelease() {
        owner.embeddedRelease(this);
        Queue.getInstance().maintain();
    }

    @Override
    public String getDisplayName() {
        return "Executor #0";
    }
}
