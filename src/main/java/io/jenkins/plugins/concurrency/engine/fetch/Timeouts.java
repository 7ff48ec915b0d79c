package io.jenkins.plugins.concurrency.engine.fetch;

import java.time.Duration;

/**
 * Time limits within one attempt.
 *
 * @param connect the limit for a connection, from the lookup of its name to the end of its TLS handshake
 * @param idle once a message has begun, at least {@link #LEAST_BYTES} more of it must pass within this time; zero for
 *     no limit
 */
public record Timeouts(Duration connect, Duration idle) {

    /** In bytes. A server that sends less than this within the idle limit is stalling. */
    public static final int LEAST_BYTES = 1024;

    /** The step's defaults. */
    public static final Timeouts STANDARD = new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30));

    public Timeouts {
        if (connect.isNegative() || connect.isZero()) {
            throw new IllegalArgumentException("connectTimeout must be more than 0");
        }
        if (idle.isNegative()) {
            throw new IllegalArgumentException("idleTimeout is negative: give 0 (no limit) or more");
        }
    }
}
