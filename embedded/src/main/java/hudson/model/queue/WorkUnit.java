package hudson.model.queue;

/** What an executor does. */
public final class WorkUnit {

    public final SubTask work;

    /** For the embedded runtime only. */
    public WorkUnit(SubTask work) {
        this.work = work;
    }
}
