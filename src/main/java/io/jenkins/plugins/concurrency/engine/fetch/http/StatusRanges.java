package io.jenkins.plugins.concurrency.engine.fetch.http;

import java.util.BitSet;

/**
 * The HTTP statuses that count as success, written as {@code 200:299}, {@code 200} or a list like {@code 200:299,304}.
 * Immutable.
 */
public final class StatusRanges {

    private static final int MIN = 100;
    private static final int MAX = 599;

    private final String text;
    private final BitSet statuses = new BitSet(MAX + 1);

    private StatusRanges(String text) {
        this.text = text;
        for (String range : text.split(",", -1)) {
            int colon = range.indexOf(':');
            int first = number(colon < 0 ? range : range.substring(0, colon));
            int last = colon < 0 ? first : number(range.substring(colon + 1));
            if (first > last) {
                throw invalid();
            }
            statuses.set(first, last + 1);
        }
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text is invalid; the message is one line
     */
    public static StatusRanges parse(String text) {
        return new StatusRanges(text);
    }

    public boolean contains(int status) {
        return statuses.get(status);
    }

    private int number(String digits) {
        try {
            int status = Integer.parseInt(digits.strip());
            if (status >= MIN && status <= MAX) {
                return status;
            }
        } catch (NumberFormatException e) {
            // reported below, with the whole text
        }
        throw invalid();
    }

    private IllegalArgumentException invalid() {
        return new IllegalArgumentException("validStatus '" + text
                + "' is not a list of HTTP statuses from 100 to 599, such as '200:299' or '200,404'");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StatusRanges ranges && ranges.statuses.equals(statuses);
    }

    @Override
    public int hashCode() {
        return statuses.hashCode();
    }

    /** The text form. */
    @Override
    public String toString() {
        return text;
    }
}
