package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.schedule.GroupPace;
import java.time.Duration;

/**
 * How much of a run happens at once.
 *
 * @param concurrency how many requests may run at once
 * @param perHost how many of them may go to one origin; 0 for no separate limit
 * @param rate requests a second to one origin, evenly spaced; 0 for no limit
 * @param auto whether each origin has an adaptive limit of its own, see {@link OriginLimits}
 */
public record TrafficSettings(int concurrency, int perHost, double rate, boolean auto) {

    /** The {@code concurrency} of a step with adaptive limits. */
    public static final String AUTO = "auto";

    /** How many requests may run at once then. */
    public static final int MOST_OF_AUTO = 500;

    /** The highest concurrency that a run may ask for. */
    public static final int MAX_CONCURRENCY = 10_000;

    /** The memory for a connection and its exchange, if bodies are small or go to files. */
    private static final int BYTES_OF_CONNECTION = 64 * 1024;

    private static final double MIN_RATE = 0.001;
    private static final double MAX_RATE = 100_000;

    /** The step's defaults. */
    public static final TrafficSettings STANDARD = new TrafficSettings(64, 0, 0, false);

    public TrafficSettings {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "concurrency " + concurrency + " is out of range: give 1 to " + MAX_CONCURRENCY);
        }
        if (perHost < 0) {
            throw new IllegalArgumentException("perHost " + perHost + " is negative: give 0 (no limit) or more");
        }
        if (rate != 0 && !(rate >= MIN_RATE && rate <= MAX_RATE)) {
            throw new IllegalArgumentException(
                    "rate " + rate + " is out of range: give 0 (no limit) or from 0.001 to 100000 requests a second");
        }
    }

    /** Fixed limits. */
    public TrafficSettings(int concurrency, int perHost, double rate) {
        this(concurrency, perHost, rate, false);
    }

    /** How many requests may run at once: the concurrency, or less if this JVM has too little memory. */
    public int affordable() {
        return Math.min(concurrency, affordableConnections());
    }

    /** For how many requests at once this JVM has the memory, of all runs together. */
    public static int affordableConnections() {
        long connections = Runtime.getRuntime().maxMemory() / 2 / BYTES_OF_CONNECTION;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, connections));
    }

    /**
     * The rate limit of one run. All parts of the run have to share it.
     *
     * @return {@code null} for no limit
     */
    @CheckForNull
    public GroupPace newPace() {
        return rate == 0 ? null : new GroupPace(Duration.ofNanos(Math.round(1e9 / rate)));
    }
}
