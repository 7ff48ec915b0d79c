package hudson.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.ModelObject;
import hudson.model.Queue;

/** A part of a task, which occupies one executor. */
public interface SubTask extends ModelObject {

    default @CheckForNull Queue.Executable getOwnerExecutable() {
        return null;
    }
}
