package org.jenkinsci.plugins.workflow.steps;

import hudson.model.Result;
import java.io.Serializable;
import java.util.concurrent.Future;
import jenkins.model.CauseOfInterruption;

/** One run of a step's body. Thread safe. */
public abstract class BodyExecution implements Future<Object>, Serializable {

    private static final long serialVersionUID = 1L;

    public boolean cancel(CauseOfInterruption... causes) {
        return cancel(new FlowInterruptedException(Result.ABORTED, causes));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return cancel(new CauseOfInterruption[0]);
    }

    /** Stops the steps in the body, which fail with this; false if the body has ended. */
    public boolean cancel(Throwable t) {
        throw new UnsupportedOperationException();
    }
}
