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
    public <V, T extends Throwable> V call(Callable<V, T> callable) throws IOException, T, InterruptedException {
        Callable<V, T> arrived = Wire.copy(callable);
        V result;
        try {
            result = arrived.call();
        } catch (Throwable failure) {
            @SuppressWarnings("unchecked")
            T declared = (T) Wire.copyFailure(failure);
            throw declared;
        }
        return Wire.copy(result);
    }

    @Override
    public <V, T extends Throwable> Future<V> callAsync(Callable<V, T> callable) throws IOException {
        Callable<V, T> arrived = Wire.copy(callable);
        Pending<V> pending = new Pending<>();
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
    public void close() {}

    @Override
    public void join() throws InterruptedException {
        throw new UnsupportedOperationException("This channel is never closed");
    }

    @Override
    public void join(long timeout) throws InterruptedException {
        Thread.sleep(timeout);
    }

    @Override
    public <T> T export(Class<T> type, @CheckForNull T instance) {
        return instance == null ? null : Wire.export(type, instance);
    }

    @Override
    public void syncLocalIO() {}

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
