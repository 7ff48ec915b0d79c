package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.NonNull;

/** What an executor does. */
public final class WorkUnit {

    public final SubTask work;

    /** For the embedded runtime only. */
    public WorkUnit(@NonNull SubTask work) {
        this.work = work;
    }
}
