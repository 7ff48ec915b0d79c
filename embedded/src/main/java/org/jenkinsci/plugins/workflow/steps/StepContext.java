package org.jenkinsci.plugins.workflow.steps;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.Serializable;

/** What a step sees of the build that it runs in, and where its result goes. Thread safe. */
public abstract class StepContext implements FutureCallback<Object>, Serializable {

    private static final long serialVersionUID = 1L;

    /** The object of this type that holds where the step is called, or null. */
    public abstract @CheckForNull <T> T get(Class<T> key) throws IOException, InterruptedException;

    /** Ends the step with what its call returns. */
    @Override
    public abstract void onSuccess(@CheckForNull Object result);

    /** Ends the step with what its call throws. */
    @Override
    public abstract void onFailure(Throwable t);

    /** Whether {@link #get} would answer without waiting. */
    public abstract boolean isReady();

    /** Keeps the state of the step on disk. */
    public abstract ListenableFuture<Void> saveState();

    /** @throws IllegalStateException if the step was called without a body */
    public abstract BodyInvoker newBodyInvoker() throws IllegalStateException;

    public boolean hasBody() {
        return false;
    }

    @Override
    public abstract boolean equals(Object o);

    @Override
    public abstract int hashCode();
}
