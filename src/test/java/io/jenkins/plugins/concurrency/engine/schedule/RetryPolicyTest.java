package io.jenkins.plugins.concurrency.engine.schedule;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.Test;

public class RetryPolicyTest {

    private final Random random = new Random(42);

    private long longest(RetryPolicy policy, int attempts) {
        long longest = 0;
        for (int i = 0; i < 10_000; i++) {
            longest = Math.max(
                    longest, policy.pause(attempts, Duration.ZERO, random).toMillis());
        }
        return longest;
    }

    @Test
    public void pausesDoubleUpToAMinuteAndAreSpreadFromZero() {
        RetryPolicy policy = new RetryPolicy(50, Duration.ofSeconds(1));
        long first = longest(policy, 1);
        assertTrue("first " + first, first > 950 && first <= 1_000);
        long third = longest(policy, 3);
        assertTrue("third " + third, third > 3_800 && third <= 4_000);
        for (int attempts : new int[] {7, 20, 40, 1_000_000}) {
            long late = longest(policy, attempts);
            assertTrue(attempts + ": " + late, late > 57_000 && late <= 60_000);
        }
    }

    @Test
    public void thePeersWishIsALowerBoundWithinReason() {
        RetryPolicy policy = new RetryPolicy(1, Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(90), policy.pause(1, Duration.ofSeconds(90), random));
        assertEquals(RetryPolicy.MAX_REQUESTED_DELAY, policy.pause(1, Duration.ofDays(365), random));
    }

    @Test
    public void noDelayIsNoPause() {
        assertEquals(Duration.ZERO, new RetryPolicy(3, Duration.ZERO).pause(2, Duration.ZERO, random));
    }

    @Test
    public void attemptsAreCounted() {
        RetryPolicy twice = new RetryPolicy(2, Duration.ZERO);
        assertTrue(twice.allowsAnother(1));
        assertTrue(twice.allowsAnother(2));
        assertFalse(twice.allowsAnother(3));
        assertFalse(RetryPolicy.none().allowsAnother(1));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(-1, Duration.ZERO));
    }
}
