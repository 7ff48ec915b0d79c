package hudson.model.queue;

/** Why something in the queue waits. */
public abstract class CauseOfBlockage {

    public abstract String getShortDescription();

    @Override
    public String toString() {
        return getShortDescription();
    }
}
