package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Queue;
import hudson.model.User;
import hudson.security.ACL;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticator;
import jenkins.security.QueueItemAuthenticatorProvider;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/** Lets what waits for a node do so as the user whom its build runs as, so that it gets no node which that one may not use. */
@Extension(ordinal = 950)
@Restricted(NoExternalUse.class)
public final class TaskUser extends QueueItemAuthenticatorProvider {

    private static final Logger LOGGER = Logger.getLogger(TaskUser.class.getName());

    /** Whom the present thread works for; {@code null} for the system. */
    @CheckForNull
    public static String current() {
        Authentication running = Jenkins.getAuthentication2();
        return running.equals(ACL.SYSTEM2) ? null : running.getName();
    }

    @NonNull
    @Override
    public List<QueueItemAuthenticator> getAuthenticators() {
        return List.of(new Authenticator());
    }

    private static final class Authenticator extends QueueItemAuthenticator {

        @Override
        @CheckForNull
        public Authentication authenticate2(Queue.Task task) {
            String name = task instanceof NodeTask of ? of.user() : null;
            if (name == null) {
                return null;
            }
            User user = name.equals(Jenkins.ANONYMOUS2.getName()) ? null : User.getById(name, false);
            return user == null ? Jenkins.ANONYMOUS2 : authentication(user);
        }

        /** Never fails, or nothing in the queue would go on. */
        private static Authentication authentication(User user) {
            try {
                return user.impersonate2();
            } catch (AuthenticationException e) {
                LOGGER.log(Level.FINE, e, () -> user + " is not there any more");
                return Jenkins.ANONYMOUS2;
            }
        }
    }
}
