package hudson.remoting;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;

/** A way to run code on an agent. Thread safe. */
public interface VirtualChannel {

    /** Runs the code over there and waits for its result. */
    <V, T extends Throwable> V call(Callable<V, T> callable) throws IOException, T, InterruptedException;

    /** Runs the code over there without waiting. */
    <V, T extends Throwable> Future<V> callAsync(Callable<V, T> callable) throws IOException;

    /** A stand-in for an object of this side that may travel, and whose methods run here. */
    <T> T export(Class<T> type, @CheckForNull T instance);
}
