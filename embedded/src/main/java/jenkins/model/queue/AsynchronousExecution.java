package jenkins.model.queue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Executor;

/** Thrown by what keeps its executor, but not the thread. Thread safe. */
public abstract class AsynchronousExecution extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private transient Executor executor;
    private boolean complete;

    protected AsynchronousExecution() {}

    public abstract void interrupt(boolean forShutdown);

    public abstract boolean blocksRestart();

    public abstract boolean displayCell();

    @CheckForNull
    public final synchronized Executor getExecutor() {
        return executor;
    }

    public final synchronized void setExecutorWithoutCompleting(@NonNull Executor newExecutor) {
        executor = newExecutor;
    }

    public final synchronized void maybeComplete() {
        if (complete) {
            executor.completedAsynchronous(null);
        }
    }

    /** Gives the executor back. */
    public final synchronized void completed(@CheckForNull Throwable error) {
        complete = true;
        if (executor != null) {
            executor.completedAsynchronous(error);
        }
    }
}
