package org.jenkinsci.plugins.workflow.steps;

import hudson.ExtensionPoint;
import hudson.model.AbstractDescribableImpl;

/**
 * One call of a step, with its arguments: made anew for each call by its {@link StepDescriptor}.
 */
public abstract class Step extends AbstractDescribableImpl<Step> implements ExtensionPoint {

    @Override
    public StepDescriptor getDescriptor() {
        return (StepDescriptor) super.getDescriptor();
    }

    /** Prepares the execution; called on the CPS thread, where nothing may take long. */
    public abstract StepExecution start(StepContext context) throws Exception;
}
