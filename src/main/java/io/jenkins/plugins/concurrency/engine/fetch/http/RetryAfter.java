package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/** The {@code Retry-After} header: a number of seconds or a date (RFC 9110, 10.2.3). */
public final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("[0-9]+");

    /** Longer than anybody waits. */
    private static final Duration FOR_EVER = Duration.ofSeconds(Integer.MAX_VALUE);

    private static final int MAX_DIGITS = 9;

    private RetryAfter() {}

    /**
     * The pause that the header asks for, however long.
     *
     * @param value the header's value; {@code null} if it is missing
     * @return zero if it asks for none, or can't be read
     */
    public static Duration parse(@CheckForNull String value, Instant now) {
        if (value == null || value.isBlank()) {
            return Duration.ZERO;
        }
        String text = value.strip();
        if (SECONDS.matcher(text).matches()) {
            return text.length() > MAX_DIGITS ? FOR_EVER : Duration.ofSeconds(Integer.parseInt(text));
        }
        Instant date = HttpSyntax.date(text);
        return date != null && date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    }
}
