package org.jenkinsci.plugins.workflow.flow;

import com.google.common.util.concurrent.ListenableFuture;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** The program of a build. */
public abstract class FlowExecution {

    protected FlowExecution() {}

    /**
     * The steps under way; looked at on the CPS thread.
     *
     * @param innerMostOnly without those that wait for their bodies
     */
    public abstract ListenableFuture<List<StepExecution>> getCurrentExecutions(boolean innerMostOnly);
}
