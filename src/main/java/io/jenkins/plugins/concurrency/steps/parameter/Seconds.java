package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Times as scripts and forms have them: seconds, with up to three decimals. */
public final class Seconds {

    static final String ALLOWED = "a number of seconds";

    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

    private Seconds() {}

    /**
     * Converts a number in a text to a number: a whole one to {@code Integer}, another to {@code Double}, because the
     * snippet generator can write these. Nothing becomes 0.
     */
    public static Object normal(@CheckForNull Object given) {
        String text = given == null ? "" : given.toString().strip();
        if (text.isEmpty()) {
            return 0;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.abs().compareTo(MOST) <= 0) { // otherwise it is reported as it was given
                double seconds = number.doubleValue();
                return seconds == (int) seconds ? (Object) (int) seconds : (Object) seconds;
            }
        } catch (NumberFormatException e) {
            // reported where it is used
        }
        return given instanceof CharSequence ? text : given;
    }

    /** What is wrong with a time, for a message; {@code null} if it is a time of zero or more. */
    @CheckForNull
    public static String problem(Object normal) {
        Duration time = of(normal);
        if (time == null) {
            return Arguments.describe(normal) + " is given; allowed is " + ALLOWED + Arguments.closureHint(normal);
        }
        return time.isNegative() ? normal + " is given; allowed is 0 or more" : null;
    }

    /**
     * The duration of a time. If the time is more than zero, the duration is too.
     *
     * @return {@code null} if it is no time
     */
    @CheckForNull
    public static Duration of(Object normal) {
        if (normal instanceof Integer whole) {
            return Duration.ofSeconds(whole);
        }
        return normal instanceof Double seconds && Math.abs(seconds) <= Integer.MAX_VALUE // false for NaN
                ? Duration.ofMillis(BigDecimal.valueOf(seconds).movePointRight(3).setScale(0, RoundingMode.UP).longValue())
                : null;
    }
}
