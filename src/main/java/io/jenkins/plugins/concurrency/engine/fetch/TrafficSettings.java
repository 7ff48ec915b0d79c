package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.schedule.GroupPace;
import java.time.Duration;

/**
 * How much of a run happens at once.
 *
 * @param concurrency requests under way at once
 * @param perHost of these, the most to one origin; 0 for no separate limit
 * @param rate requests a second to one origin, evenly spaced; 0 for no limit
 */
public record TrafficSettings(int concurrency, int perHost, double rate) {

    /** The most requests under way at once that a run may ask for. */
    public static final int MAX_CONCURRENCY = 10_000;

    /** What a connection with its exchange takes, where bodies are small or go to files. */
    private static final int BYTES_OF_CONNECTION = 64 * 1024;

    private static final double MIN_RATE = 0.001;
    private static final double MAX_RATE = 100_000;

    /** The step's defaults. */
    public static final TrafficSettings STANDARD = new TrafficSettings(64, 0, 0);

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

    /** How many requests may be under way at once, since this JVM has the memory for no more. */
    public int affordable() {
        return Math.min(concurrency, affordableConnections());
    }

    /** How many requests this JVM has the memory to have under way at once, those of all runs together. */
    public static int affordableConnections() {
        long connections = Runtime.getRuntime().maxMemory() / 2 / BYTES_OF_CONNECTION;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, connections));
    }

    /**
     * The pace of one run, which all of it has to share.
     *
     * @return {@code null} for no limit
     */
    @CheckForNull
    public GroupPace newPace() {
        return rate == 0 ? null : new GroupPace(Duration.ofNanos(Math.round(1e9 / rate)));
    }
}
