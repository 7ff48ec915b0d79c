package io.jenkins.plugins.concurrency.engine.schedule;

import java.time.Duration;

/** Durations in messages. */
public final class DurationText {

    private DurationText() {}

    /** For example {@code 250 ms}, {@code 1.5 s}, {@code 4 min 10 s}, {@code 2 h 5 min}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            long tenths = Math.round(millis / 100.0);
            return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
        }
        long seconds = Math.round(millis / 1000.0);
        long minutes = seconds / 60;
        if (minutes < 60) {
            return pair(minutes, "min", seconds % 60, "s");
        }
        return pair(minutes / 60, "h", minutes % 60, "min");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
