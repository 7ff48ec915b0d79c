package io.jenkins.plugins.concurrency.engine.fetch;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Periodically ends exchanges that have stalled. */
final class IdleTimeoutMonitor {

    static final Duration PERIOD = Duration.ofMillis(200);

    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();

    void add(Exchange exchange) {
        exchanges.add(exchange);
    }

    void remove(Exchange exchange) {
        exchanges.remove(exchange);
    }

    void look() {
        long now = System.nanoTime();
        for (Exchange exchange : exchanges) {
            exchange.endIfStalled(now);
        }
    }
}
