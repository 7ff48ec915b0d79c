package io.jenkins.plugins.concurrency.bench.report;

/**
 * What is wanted of a number.
 *
 * @param bound of the median
 * @param atLeast whether more is better
 */
public record Target(double bound, boolean atLeast, Unit unit) {

    public static Target atLeast(double bound, Unit unit) {
        return new Target(bound, true, unit);
    }

    public static Target atMost(double bound, Unit unit) {
        return new Target(bound, false, unit);
    }

    boolean isMetBy(Samples samples) {
        return atLeast ? samples.median() >= bound : samples.median() <= bound;
    }

    @Override
    public String toString() {
        return (atLeast ? "at least " : "at most ") + unit.text(bound);
    }
}
