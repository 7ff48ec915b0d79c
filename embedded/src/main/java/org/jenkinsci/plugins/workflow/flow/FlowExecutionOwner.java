package org.jenkinsci.plugins.workflow.flow;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import java.io.IOException;
import java.io.Serializable;

/** Refers to the build that a program belongs to. */
public abstract class FlowExecutionOwner implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The program; {@code null} if it is not there. */
    public abstract @CheckForNull FlowExecution getOrNull();

    /** The build's log as a whole, not that of one of its steps. */
    public abstract TaskListener getListener() throws IOException;

    /** What runs a program. */
    public interface Executable {
        @CheckForNull
        FlowExecutionOwner asFlowExecutionOwner();
    }
}
