package hudson.model;

/** What waits for an executor; here nothing does. */
public class Queue {

    /** What an executor can carry out, such as a job. */
    public interface Task {}
}
