package hudson.remoting;

/** A channel to another process. The embedded runtime has no agents in other processes, hence no instance of this. */
public abstract class Channel implements VirtualChannel {

    private Channel() {}

    public boolean isClosingOrClosed() {
        return false;
    }
}
