package hudson.slaves;

/** Why an agent is not connected. */
public abstract class OfflineCause {
    protected final long timestamp = System.currentTimeMillis();

    public long getTimestamp() {
        return timestamp;
    }
}
