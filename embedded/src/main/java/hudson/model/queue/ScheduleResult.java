package hudson.model.queue;

/** What came of an attempt to enter the queue. */
public abstract class ScheduleResult {

    /** Nothing special; for the embedded runtime only. */
    public static ScheduleResult embedded() {
        return new ScheduleResult() {};
    }

    public boolean isRefused() {
        return false;
    }
}
