package io.jenkins.plugins.concurrency.bench.report;

import java.util.Locale;

/**
 * How numbers are shown.
 *
 * @param symbol comes after the number
 * @param decimals of the number
 */
public record Unit(String symbol, int decimals) {

    public static final Unit PER_SECOND = new Unit("/s", 0);
    public static final Unit MEGABYTES_PER_SECOND = new Unit("MB/s", 0);
    public static final Unit SECONDS = new Unit("s", 2);
    public static final Unit BYTES = new Unit("B", 0);
    public static final Unit KILOBYTES = new Unit("KB", 0);
    public static final Unit RATIO = new Unit("x", 2);

    /** The number alone. */
    public String number(double value) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** The number with its unit. */
    public String text(double value) {
        return number(value) + " " + symbol;
    }
}
