package io.jenkins.plugins.concurrency.engine.schedule;

/**
 * How many branches of a run may fail before the others are stopped.
 *
 * @param failures after so many failures the others are stopped; 0 for no such number
 * @param percent the same in percent of all branches; 0 for none
 * @param soon whether branches that run then may end
 */
public record FailFast(int failures, int percent, boolean soon) {

    /** The beginning of each {@link #reason}. */
    public static final String PREFIX = "failFast: ";

    public static final FailFast NEVER = new FailFast(0, 0, false);

    public static final FailFast FIRST = new FailFast(1, 0, false);

    public FailFast {
        if (failures < 0 || percent < 0 || percent > 100 || failures > 0 && percent > 0) {
            throw new IllegalArgumentException(failures + " failures, " + percent + " %");
        }
    }

    /** The same limit as a number of failures, for a run with so many branches. */
    public FailFast of(int total) {
        return percent == 0 ? this : new FailFast((int) Math.max(1, ((long) total * percent + 99) / 100), 0, soon);
    }

    /**
     * Why branches are cancelled, in one line.
     *
     * @param last the name of the branch whose failure reached the limit
     */
    public String reason(String last) {
        return PREFIX + "'" + last + "' failed" + (failures > 1 ? ", failure " + failures + " of " + failures : "");
    }
}
