package io.jenkins.plugins.concurrency.engine.pool.output;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * Passes lines of a run's commands to the log, whole and one after the other, at a rate that a log can take.
 * Thread-safe.
 */
final class FollowedStep {

    private static final int BURST = 5_000;
    private static final int PER_SECOND = 250;

    /** How much is shown in all, in characters. Nobody reads more in a log. */
    private static final long MAX_TOTAL = 32L * 1024 * 1024;

    private final Consumer<String> sink;
    private final LineBudget budget = new LineBudget(BURST, PER_SECOND);

    // Guarded by this.
    private long total;
    private long omitted;

    /** @param sink receives each line, without line break, from one thread at a time */
    FollowedStep(Consumer<String> sink) {
        this.sink = sink;
    }

    /** @return whether the line was shown */
    synchronized boolean show(String line) {
        if (total + line.length() > MAX_TOTAL || !budget.take()) {
            return false;
        }
        total += line.length();
        sink.accept(line);
        return true;
    }

    /** Counts lines that were left out. They are reported later. */
    synchronized void addOmitted(long lines) {
        omitted += lines;
    }

    /** Shows a line in any case. */
    synchronized void warn(String line) {
        sink.accept(line);
    }

    /** Reports the lines that were left out and not reported yet. */
    synchronized void close() {
        if (omitted > 0) {
            sink.accept(note(omitted, true));
            omitted = 0;
        }
    }

    /** @param all false if there may be more lines than these */
    static String note(long lines, boolean all) {
        String count = String.format(Locale.ROOT, "%,d %s left out", lines, lines == 1 ? "line" : "lines");
        return all ? "… " + count : "… more than " + count;
    }

    /**
     * Limits lines: so many at once, and so many a second from then on. When there are no more, it waits until those of
     * a whole second may be shown. So lines appear in groups and not one by one. Thread-safe.
     */
    static final class LineBudget {

        private static final double NANOS = 1e9;

        private final int burst;
        private final int perSecond;

        // Guarded by this.
        private double left;
        private boolean spent;
        private long sinceNanos = System.nanoTime();

        LineBudget(int burst, int perSecond) {
            this.burst = burst;
            this.perSecond = perSecond;
            this.left = burst;
        }

        /** Whether one more line may be shown now; if so, it is counted. */
        synchronized boolean take() {
            long now = System.nanoTime();
            left = Math.min(burst, left + (now - sinceNanos) / NANOS * perSecond);
            sinceNanos = now;
            spent = left < (spent ? perSecond : 1);
            if (spent) {
                return false;
            }
            left--;
            return true;
        }
    }
}
