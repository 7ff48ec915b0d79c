package io.jenkins.plugins.concurrency.engine.fetch.http;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.Test;

public class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    public void bothForms() {
        assertEquals(Duration.ofSeconds(120), RetryAfter.parse(" 120 ", NOW));
        assertEquals(Duration.ofSeconds(90), RetryAfter.parse("Sun, 01 Mar 2026 12:01:30 GMT", NOW));
    }

    @Test
    public void datesOfOldServers() {
        assertEquals(Duration.ofSeconds(90), RetryAfter.parse("Sunday, 01-Mar-26 12:01:30 GMT", NOW));
        assertEquals(Duration.ofSeconds(90), RetryAfter.parse("Sun Mar  1 12:01:30 2026", NOW));
    }

    @Test
    public void secondsBeyondMeasureAreALongPause() {
        assertEquals(Duration.ofSeconds(Integer.MAX_VALUE), RetryAfter.parse("99999999999999999999", NOW));
    }

    @Test
    public void whatAsksForNothing() {
        for (String value : new String[] {
            null, "", " ", "soon", "-5", "1.5", "Sun, 01 Mar 2026 11:00:00 GMT", "1e3"
        }) {
            assertEquals(String.valueOf(value), Duration.ZERO, RetryAfter.parse(value, NOW));
        }
    }
}
