package io.jenkins.plugins.concurrency.engine.fetch.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class StatusRangesTest {

    @Test
    public void rangesAndLists() {
        StatusRanges ranges = StatusRanges.parse("200:299, 304");
        for (int status : new int[] {200, 250, 299, 304}) {
            assertTrue(ranges.contains(status));
        }
        for (int status : new int[] {100, 199, 300, 303, 305, 999}) {
            assertFalse(ranges.contains(status));
        }
        assertEquals(StatusRanges.parse("304,200:299"), ranges);
    }

    @Test
    public void anythingElseIsNamed() {
        for (String text :
                new String[] {"", "abc", "200:", ":299", "299:200", "200,", "99", "600", "200:299:300", "2xx"}) {
            IllegalArgumentException refused =
                    assertThrows(text, IllegalArgumentException.class, () -> StatusRanges.parse(text));
            assertTrue(refused.getMessage(), refused.getMessage().startsWith("validStatus '" + text + "' is not"));
        }
    }
}
