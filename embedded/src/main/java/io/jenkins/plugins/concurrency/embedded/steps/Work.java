package io.jenkins.plugins.concurrency.embedded.steps;

import java.io.Serializable;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousStepExecution;

/** What a simple step does with its context; it returns what the step returns. */
interface Work extends Serializable {

    Object run(StepContext context) throws Exception;

    /** Does it on the CPS thread: for what takes no time. */
    static StepExecution now(StepContext context, Work work) {
        return new SynchronousStepExecution<Object>(context) {
            private static final long serialVersionUID = 1L;

            @Override
            protected Object run() throws Exception {
                return work.run(getContext());
            }
        };
    }

    /** Does it in the background: for what touches files. */
    static StepExecution inBackground(StepContext context, Work work) {
        return new SynchronousNonBlockingStepExecution<Object>(context) {
            private static final long serialVersionUID = 1L;

            @Override
            protected Object run() throws Exception {
                return work.run(getContext());
            }
        };
    }
}
