package org.jenkinsci.plugins.workflow.steps;

/** A step that ends at once, on the CPS thread. */
public abstract class SynchronousStepExecution<T> extends StepExecution {

    private static final long serialVersionUID = 1L;
    private transient volatile Throwable stopCause;

    protected SynchronousStepExecution(StepContext context) {
        super(context);
    }

    protected abstract T run() throws Exception;

    @Override
    public final boolean start() throws Exception {
        try {
            getContext().onSuccess(run());
        } catch (Throwable failure) {
            if (stopCause == null) {
                throw failure;
            }
            stopCause.addSuppressed(failure);
            getContext().onFailure(stopCause);
        }
        return true;
    }

    /** It runs on the very thread that would stop it: there is nothing to stop. */
    @Override
    public void stop(Throwable cause) throws Exception {
        stopCause = cause;
    }
}
