package hudson;

import hudson.model.TaskListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** A running process on an agent. Thread safe. */
public abstract class Proc {

    protected Proc() {}

    /** Ends the process and those that it started; returns when it is gone. */
    public abstract void kill() throws IOException, InterruptedException;

    /** Waits for the process to end, its output included, and returns its exit status. Kills it if interrupted. */
    public abstract int join() throws IOException, InterruptedException;

    /** Its output, if the starter asked for it with {@code readStdout()}. */
    public abstract InputStream getStdout();

    /** Its input, if the starter asked for it with {@code writeStdin()}. */
    public abstract OutputStream getStdin();

    /** Like {@link #join()}, but kills the process when the time is up. */
    public final int joinWithTimeout(long timeout, TimeUnit unit, TaskListener listener)
            throws IOException, InterruptedException {
        java.util.concurrent.ScheduledFuture<?> killing = jenkins.util.Timer.get().schedule(() -> {
            listener.error("Timed out after " + timeout + " " + unit);
            kill();
            return null;
        }, timeout, unit);
        try {
            return join();
        } finally {
            killing.cancel(false);
        }
    }
}
