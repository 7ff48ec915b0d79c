package org.jenkinsci.plugins.workflow.steps;

/** Base class of executions. */
public abstract class AbstractStepExecutionImpl extends StepExecution {

    private static final long serialVersionUID = 1L;

    protected AbstractStepExecutionImpl() {}

    protected AbstractStepExecutionImpl(StepContext context) {
        super(context);
    }
}
