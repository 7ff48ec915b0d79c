package io.jenkins.plugins.concurrency.engine.pool;

import io.jenkins.plugins.concurrency.engine.schedule.StartGate;
import java.io.IOException;
import java.time.Duration;

/** Keeps a least time between two starts, and starts nothing while there is too little memory. */
public final class StartThrottle implements StartGate {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Duration delay;
    private final long memFreeBytes;
    private final PoolHost host;

    private long lastStartNanos;
    private boolean started;

    private StartThrottle(CommandOptions options, PoolHost host) {
        this.delay = options.delay();
        this.memFreeBytes = options.memFree() * 1024L * 1024;
        this.host = host;
    }

    /**
     * Makes the gate that a pool's options ask for.
     *
     * @throws IOException if the host does not know how much memory is available; with a message of one line
     */
    public static StartGate of(CommandOptions options, PoolHost host) throws IOException {
        if (options.delay().isZero() && options.memFree() == 0) {
            return OPEN;
        }
        if (options.memFree() > 0) {
            host.availableMemory();
        }
        return new StartThrottle(options, host);
    }

    @Override
    public Duration pause() {
        Duration left = started ? delay.minusNanos(System.nanoTime() - lastStartNanos) : Duration.ZERO;
        if (!left.isNegative() && !left.isZero()) {
            return left;
        }
        if (memFreeBytes > 0 && isShort()) {
            return LOOK_AGAIN;
        }
        return Duration.ZERO;
    }

    @Override
    public void passed() {
        started = true;
        lastStartNanos = System.nanoTime();
    }

    private boolean isShort() {
        try {
            return host.availableMemory() < memFreeBytes;
        } catch (IOException e) {
            return false; // the method of() has already reported a host that can't tell
        }
    }
}
