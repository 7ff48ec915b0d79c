package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;

/** The run of one call of a step. */
public abstract class StepExecution implements Serializable {

    private static final long serialVersionUID = 1L;

    private StepContext context;

    protected StepExecution() {}

    protected StepExecution(StepContext context) {
        this.context = context;
    }

    public StepContext getContext() {
        if (context == null) {
            throw new IllegalStateException("The execution was made without a context");
        }
        return context;
    }

    /**
     * Starts on the CPS thread.
     *
     * @return true if the context has its result already, false if it will have it later, from any thread
     * @throws Exception to fail the step
     */
    public abstract boolean start() throws Exception;

    /**
     * Asks the step to end soon; called on the CPS thread, perhaps more than once. The context must get a result all
     * the same; by default it gets the cause as its failure.
     */
    public void stop(Throwable cause) throws Exception {
        getContext().onFailure(cause);
    }

    /** Called when a build goes on after a restart of Jenkins, which here never happens. */
    public void onResume() {}

    /** What it is doing, in few words. */
    public @CheckForNull String getStatus() {
        return null;
    }
}
