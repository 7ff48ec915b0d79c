package jenkins.security;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Queue;
import org.springframework.security.core.Authentication;

/** Says whom what waits in the queue works for; nobody asks here. */
public abstract class QueueItemAuthenticator implements ExtensionPoint {

    public @CheckForNull Authentication authenticate2(Queue.Task task) {
        return null;
    }
}
