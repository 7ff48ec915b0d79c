package io.jenkins.plugins.concurrency.embedded.steps;

import java.util.List;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Runs a body once, with something added to its context, and ends as the body ends. */
final class BodyStepExecution extends AbstractStepExecutionImpl {

    private static final long serialVersionUID = 1L;
    private final transient List<Object> additions;
    private final String label;

    /** @param label names the body in the log, or null */
    BodyStepExecution(StepContext context, String label, Object... additions) {
        super(context);
        this.label = label;
        this.additions = List.of(additions);
    }

    @Override
    public boolean start() {
        var invoker = getContext()
                .newBodyInvoker()
                .withContexts(additions)
                .withCallback(BodyExecutionCallback.wrap(getContext()));
        if (label != null) {
            invoker = invoker.withDisplayName(label);
        }
        invoker.start();
        return false;
    }
}
