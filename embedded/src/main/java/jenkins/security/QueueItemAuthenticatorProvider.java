package jenkins.security;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import java.util.List;

/** Has some {@link QueueItemAuthenticator}s. */
public abstract class QueueItemAuthenticatorProvider implements ExtensionPoint {

    public abstract @NonNull List<QueueItemAuthenticator> getAuthenticators();
}
