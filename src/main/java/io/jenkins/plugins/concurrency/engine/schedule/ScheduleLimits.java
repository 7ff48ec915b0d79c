package io.jenkins.plugins.concurrency.engine.schedule;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;

/**
 * How much of a run may be under way.
 *
 * @param width attempts at once
 * @param perGroup attempts at once of one group; 0 for no limit
 * @param pace how attempts of one group follow each other; {@code null} for at once
 * @param gate asked before each attempt
 */
public record ScheduleLimits(int width, int perGroup, @CheckForNull GroupPace pace, StartGate gate) {
    public ScheduleLimits {
        if (width < 1 || perGroup < 0) {
            throw new IllegalArgumentException("width " + width + ", per group " + perGroup);
        }
    }

    /** Limits of groups. */
    public ScheduleLimits(int width, int perGroup, @CheckForNull GroupPace pace) {
        this(width, perGroup, pace, StartGate.OPEN);
    }

    /** Limits of all together. */
    public ScheduleLimits(int width, StartGate gate) {
        this(width, 0, null, gate);
    }

    /** Those of a run that shares with others: permits are asked for last, since they are kept for what may start. */
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
        return perGroup > 0 || pace != null;
    }
}
