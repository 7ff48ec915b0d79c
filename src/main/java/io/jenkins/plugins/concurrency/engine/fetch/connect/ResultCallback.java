package io.jenkins.plugins.concurrency.engine.fetch.connect;

import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.apache.hc.core5.concurrent.FutureCallback;

/** HttpCore's callback made of two functions; a cancellation is a failure. */
record ResultCallback<T>(Consumer<T> success, Consumer<Exception> failure) implements FutureCallback<T> {

    @Override
    public void completed(T result) {
        success.accept(result);
    }

    @Override
    public void failed(Exception cause) {
        failure.accept(cause);
    }

    @Override
    public void cancelled() {
        failure.accept(new CancellationException());
    }
}
