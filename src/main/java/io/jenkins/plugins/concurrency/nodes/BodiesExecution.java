package io.jenkins.plugins.concurrency.nodes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.cps.CpsStepContext;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A step that runs its own closures as its bodies. Part of a Pipeline's program state; for its CPS thread. */
public abstract class BodiesExecution extends StepExecution {

    private static final long serialVersionUID = 1;

    protected BodiesExecution(StepContext context) {
        super(context);
    }

    /** @param number passed to {@code bodyEnded} when it ends */
    protected final BodyExecution startBody(int number, Closure<?> body) throws IOException {
        return ((CpsStepContext) getContext())
                .newBodyInvoker(CpsThread.current().getGroup().export(body), true)
                .withCallback(new End(this, number))
                .start();
    }

    /** @param failure why it failed; {@code null} if it did not */
    protected abstract void bodyEnded(int number, @CheckForNull Object result, @CheckForNull Throwable failure);

    /** Ends the step. */
    protected final void end(@CheckForNull Object result, @CheckForNull Throwable failure) {
        if (failure == null) {
            getContext().onSuccess(result);
        } else {
            getContext().onFailure(failure);
        }
    }

    /** Called when a body has ended. */
    private static final class End extends BodyExecutionCallback {
        private static final long serialVersionUID = 1;

        private final BodiesExecution step;
        private final int number;

        End(BodiesExecution step, int number) {
            this.step = step;
            this.number = number;
        }

        @Override
        public void onSuccess(StepContext context, Object result) {
            step.bodyEnded(number, result, null);
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            step.bodyEnded(number, null, failure);
        }
    }
}
