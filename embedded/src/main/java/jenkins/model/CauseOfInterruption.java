package jenkins.model;

import hudson.model.TaskListener;
import java.io.Serializable;
import java.util.Objects;

/** Why something was interrupted. Immutable. */
public abstract class CauseOfInterruption implements Serializable {

    private static final long serialVersionUID = 1L;

    public abstract String getShortDescription();

    public void print(TaskListener listener) {
        listener.getLogger().println(getShortDescription());
    }

    /** Somebody stopped the build. */
    public static final class UserInterruption extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        private final String user;

        public UserInterruption(String userId) {
            this.user = userId;
        }

        @Override
        public String getShortDescription() {
            return "Aborted by " + user;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof UserInterruption that && user.equals(that.user);
        }

        @Override
        public int hashCode() {
            return Objects.hash(user);
        }
    }
}
