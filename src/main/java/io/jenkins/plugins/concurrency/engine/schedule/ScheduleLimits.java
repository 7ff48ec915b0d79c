package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * How many attempts of a run may run at once.
 *
 * @param width attempts at once
 * @param perGroup attempts at once of one group; {@code null} for no limit
 * @param pace the intervals between attempts of one group; {@code null} for none
 * @param gate asked before each attempt
 */
public record ScheduleLimits(
        int width, @CheckForNull GroupCapacity perGroup, @CheckForNull GroupPace pace, StartGate gate) {
    public ScheduleLimits {
        if (width < 1) {
            throw new IllegalArgumentException("width " + width);
        }
    }

    /** Fixed limits; {@code perGroup} is 0 for none. */
    public ScheduleLimits(int width, int perGroup, @CheckForNull GroupPace pace) {
        this(width, perGroup, pace, StartGate.OPEN);
    }

    /** Fixed limits; {@code perGroup} is 0 for none. */
    public ScheduleLimits(int width, int perGroup, @CheckForNull GroupPace pace, StartGate gate) {
        this(width, perGroup == 0 ? null : group -> perGroup, pace, gate);
    }

    /** A limit for all attempts together. */
    public ScheduleLimits(int width, StartGate gate) {
        this(width, null, null, gate);
    }

    /**
     * The same for a run that shares permits with others. Permits are asked for last, because they are reserved for the
     * attempt that may start.
     */
    public ScheduleLimits within(Permits permits) {
        StartGate both = new StartGate() {
            @Override
            public Duration pause() {
                Duration pause = gate.pause();
                return pause.isZero() ? permits.pause() : pause;
            }

            @Override
            public void passed() {
                gate.passed();
            }
        };
        return new ScheduleLimits(permits.width(width), perGroup, pace, both);
    }

    boolean areOfGroups() {
        return perGroup != null || pace != null;
    }
}
