package org.jenkinsci.plugins.workflow.steps;

import io.jenkins.plugins.concurrency.embedded.DaemonThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A step that blocks a background thread of its own until it ends; stopping it interrupts that thread. */
public abstract class SynchronousNonBlockingStepExecution<T> extends StepExecution {

    private static final long serialVersionUID = 1L;

    private static final ExecutorService EXECUTOR =
            Executors.newCachedThreadPool(new DaemonThreads(SynchronousNonBlockingStepExecution.class.getName()));

    private transient volatile Future<?> task;
    private transient volatile Throwable stopCause;

    protected SynchronousNonBlockingStepExecution(StepContext context) {
        super(context);
    }

    /** Does the work, on the background thread. */
    protected abstract T run() throws Exception;

    @Override
    public final boolean start() throws Exception {
        task = EXECUTOR.submit(this::complete);
        return false;
    }

    private void complete() {
        T result;
        try {
            result = run();
        } catch (Throwable failure) {
            Throwable cause = stopCause;
            if (cause == null) {
                getContext().onFailure(failure);
            } else {
                if (failure != cause) {
                    cause.addSuppressed(failure);
                }
                getContext().onFailure(cause);
            }
            return;
        }
        getContext().onSuccess(result);
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        stopCause = cause;
        Future<?> running = task;
        if (running != null) {
            running.cancel(true);
        }
        super.stop(cause);
    }
}
