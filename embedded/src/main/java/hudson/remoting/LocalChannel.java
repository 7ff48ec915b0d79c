package hudson.remoting;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.embedded.Wire;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * The channel to this very process. What goes through it is serialized both ways, as on the way to an agent, so that
 * what could not travel to one fails here too.
 */
public class LocalChannel implements VirtualChannel {

    private final ExecutorService executor;

    public LocalChannel(ExecutorService executor) {
        this.executor = executor;
    }

    @Override
    public <V, T extends Throwable> V call(Callable<V, T> callable) throws T {
        try {
            return Wire.copy(callWithoutCopying(Wire.copy(callable)));
        } catch (IOException failure) {
            throw LocalChannel.<T>undeclared(failure);
        }
    }

    private static <V, T extends Throwable> V callWithoutCopying(Callable<V, T> arrived) throws IOException, T {
        try {
            return arrived.call();
        } catch (Throwable failure) {
            throw LocalChannel.<T>undeclared(Wire.copyFailure(failure));
        }
    }

    /** Failures of the way there are thrown as those of an agent's channel are, though this class does not declare them. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T undeclared(Throwable failure) throws T {
        throw (T) failure;
    }

    @Override
    public <V, T extends Throwable> Future<V> callAsync(Callable<V, T> callable) {
        Pending<V> pending = new Pending<>();
        Callable<V, T> arrived;
        try {
            arrived = Wire.copy(callable);
        } catch (IOException failure) {
            throw LocalChannel.<RuntimeException>undeclared(failure);
        }
        pending.task = executor.submit(() -> {
            try {
                pending.complete(Wire.copy(arrived.call()));
            } catch (Throwable failure) {
                pending.completeExceptionally(Wire.copyFailure(failure));
            }
        });
        return pending;
    }

    @Override
    public <T> T export(Class<T> type, @CheckForNull T instance) {
        return instance == null ? null : Wire.export(type, instance);
    }

    private static final class Pending<V> extends CompletableFuture<V> implements Future<V> {
        private volatile java.util.concurrent.Future<?> task;

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            java.util.concurrent.Future<?> running = task;
            if (cancelled && running != null) {
                running.cancel(mayInterruptIfRunning);
            }
            return cancelled;
        }
    }
}
