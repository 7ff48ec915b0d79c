package hudson.model.queue;

import hudson.model.Queue;
import hudson.security.ACL;
import org.springframework.security.core.Authentication;

/** What is to be known of tasks. */
public class Tasks {

    /** Whom a task runs as. */
    public static Authentication getAuthenticationOf2(Queue.Task t) {
        return ACL.SYSTEM2;
    }
}
