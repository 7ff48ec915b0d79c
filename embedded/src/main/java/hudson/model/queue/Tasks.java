package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Queue;
import hudson.security.ACL;
import org.springframework.security.core.Authentication;

/** What is to be known of tasks. */
public class Tasks {

    /** Whom a task runs as. */
    public static @NonNull Authentication getAuthenticationOf2(@NonNull Queue.Task t) {
        return ACL.SYSTEM2;
    }
}
