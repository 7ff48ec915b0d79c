package hudson.remoting;

import java.io.IOException;

/** A channel to another process. The embedded runtime has no agents in other processes, hence no instance of this. */
public abstract class Channel implements VirtualChannel {

    private Channel() {}

    public boolean isClosingOrClosed() {
        return false;
    }

    public void addListener(Listener listener) {
        // it is never closed
    }

    public boolean removeListener(Listener listener) {
        return false;
    }

    public abstract static class Listener {

        public void onClosed(Channel channel, IOException cause) {
            // for those that listen
        }
    }
}
