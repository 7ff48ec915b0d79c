package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How often and when failed attempts are repeated: exponential backoff with full jitter. So branches that failed at the
 * same time are not repeated at the same time.
 *
 * @param retries how many further attempts a branch gets
 * @param delay the longest pause before the first of them; doubled for each further one
 */
public record RetryPolicy(int retries, Duration delay) {

    /** The longest pause, unless the peer asks for more. */
    public static final Duration MAX_DELAY = Duration.ofSeconds(60);

    /** The longest pause that a peer can ask for. */
    public static final Duration MAX_REQUESTED_DELAY = Duration.ofMinutes(5);

    public RetryPolicy {
        Objects.requireNonNull(delay);
        if (retries < 0 || delay.isNegative()) {
            throw new IllegalArgumentException("negative retries or delay");
        }
    }

    public static RetryPolicy none() {
        return new RetryPolicy(0, Duration.ZERO);
    }

    /** Whether a branch gets another attempt after this many. */
    public boolean allowsAnother(int attempts) {
        return attempts <= retries;
    }

    /**
     * The pause after a failed attempt.
     *
     * @param attempts how many attempts of the branch count; 0 if it is to start again as soon as it may
     * @param requested the pause that the peer asked for; zero for none
     */
    public Duration pause(int attempts, Duration requested, RandomGenerator random) {
        Duration asked = granted(requested);
        Duration jittered = jittered(attempts, random);
        return asked.compareTo(jittered) > 0 ? asked : jittered;
    }

    /** What is granted of a pause that a peer asks for. */
    public static Duration granted(Duration requested) {
        return requested.compareTo(MAX_REQUESTED_DELAY) > 0 ? MAX_REQUESTED_DELAY : requested;
    }

    private Duration jittered(int attempts, RandomGenerator random) {
        if (attempts == 0) {
            return Duration.ZERO;
        }
        // 2^16 seconds is past the maximum for any delay of a millisecond or more
        long ceiling = delay.toMillis() << Math.min(attempts - 1, 16);
        long millis = Math.min(ceiling, MAX_DELAY.toMillis());
        return millis <= 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(millis + 1));
    }
}
