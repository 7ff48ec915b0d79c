package hudson.remoting;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** A channel to another process. The embedded runtime has no agents in other processes, hence no instance of this. */
public abstract class Channel implements VirtualChannel {

    private Channel() {}

    /** The channel over which the code that calls this has come. */
    public static @CheckForNull Channel current() {
        return null;
    }

    public boolean isClosingOrClosed() {
        return false;
    }
}
