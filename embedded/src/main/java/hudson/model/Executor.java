package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.queue.AsynchronousExecution;

/** The thread of one thing that runs on a node, also when that goes on without it. */
public class Executor extends Thread implements ModelObject {

    private static final Logger LOGGER = Logger.getLogger(Executor.class.getName());

    private final Computer owner;
    private final Queue.Task task;

    Executor(@NonNull Computer owner, @NonNull Queue.Task task) {
        super("executor of " + task.getDisplayName());
        setDaemon(true);
        this.owner = owner;
        this.task = task;
    }

    public static @CheckForNull Executor currentExecutor() {
        return Thread.currentThread() instanceof Executor executor ? executor : null;
    }

    @Override
    public void run() {
        try {
            task.createExecutable().run();
        } catch (AsynchronousExecution e) {
            e.setExecutorWithoutCompleting(this);
            e.maybeComplete();
            return;
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.SEVERE, "a task failed", e);
        }
        completedAsynchronous(null);
    }

    public void completedAsynchronous(@CheckForNull Throwable error) {
        Queue.getInstance().executorIsFree();
    }

    public @NonNull Computer getOwner() {
        return owner;
    }

    public int getNumber() {
        return 0;
    }

    @Override
    public String getDisplayName() {
        return "Executor #0";
    }
}
