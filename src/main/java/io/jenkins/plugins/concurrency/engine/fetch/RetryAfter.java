package io.jenkins.plugins.concurrency.engine.fetch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** The {@code Retry-After} header: a number of seconds or a date (RFC 9110, 10.2.3). */
final class RetryAfter {

    private static final int MAX_DIGITS = 9;

    private RetryAfter() {}

    /**
     * The pause that the header asks for.
     *
     * @param value the header's value; {@code null} if it is missing
     * @return zero where it asks for none, or can't be read
     */
    @NonNull
    static Duration parse(@CheckForNull String value, @NonNull Instant now) {
        if (value == null || value.isBlank()) {
            return Duration.ZERO;
        }
        String text = value.strip();
        try {
            if (Character.isDigit(text.charAt(0)) && text.length() <= MAX_DIGITS) {
                return Duration.ofSeconds(Integer.parseInt(text));
            }
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
        } catch (DateTimeException | NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
