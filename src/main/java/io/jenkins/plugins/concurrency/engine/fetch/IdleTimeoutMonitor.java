package io.jenkins.plugins.concurrency.engine.fetch;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Periodically ends exchanges that have stalled. */
final class IdleTimeoutMonitor {

    static final Duration PERIOD = Duration.ofMillis(200);

    /** An exchange that may stall. */
    interface Watched {
        /** Ends the exchange if it has made no progress for too long. */
        void endIfStalled(long nowNanos);

        boolean hasEnded();
    }

    private final Set<Watched> exchanges = ConcurrentHashMap.newKeySet();

    void add(Watched exchange) {
        exchanges.add(exchange);
        if (exchange.hasEnded()) {
            exchanges.remove(exchange); // it may have ended before it was added
        }
    }

    void remove(Watched exchange) {
        exchanges.remove(exchange);
    }

    void checkAll() {
        long now = System.nanoTime();
        exchanges.forEach(exchange -> exchange.endIfStalled(now));
    }

    /** A message started but did not continue in time. */
    static final class IdleTimeoutException extends IOException {

        private static final long serialVersionUID = 1L;

        IdleTimeoutException() {
            super("stalled");
        }
    }
}
