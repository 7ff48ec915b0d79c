package io.jenkins.plugins.concurrency.steps;

import groovy.lang.Closure;
import io.jenkins.plugins.concurrency.nodes.BodiesExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A step that calls others in a body, and ends as they do. A step that is called without a block may have a body too.
 */
public final class CallsExecution extends BodiesExecution {

    private static final long serialVersionUID = 1;

    /**
     * Makes the calls. It is set only until start() has passed it on, so the arguments are never in the program state.
     */
    private Closure<?> calls;

    private BodyExecution body;

    public CallsExecution(StepContext context, Closure<?> calls) {
        super(context);
        this.calls = calls;
    }

    @Override
    public boolean start() throws Exception {
        body = startBody(0, calls);
        calls = null;
        return false;
    }

    @Override
    public void stop(Throwable cause) {
        body.cancel(cause);
    }

    @Override
    protected void bodyEnded(int number, Object result, Throwable failure) {
        end(result, failure);
    }
}
