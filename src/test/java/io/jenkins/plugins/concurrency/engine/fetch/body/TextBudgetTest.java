package io.jenkins.plugins.concurrency.engine.fetch.body;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class TextBudgetTest {

    private final TextBudget memory = new TextBudget(100, Runnable::run);
    private final List<String> granted = new ArrayList<>();

    private TextBudget.Claim claim(String name, int bytes) {
        return claim("one", name, bytes);
    }

    private TextBudget.Claim claim(String owner, String name, int bytes) {
        return memory.share(owner).claim(bytes, () -> granted.add(name));
    }

    @Test
    public void whatFitsIsGrantedAtOnceAndNotToldAgain() {
        assertTrue(claim("a", 60).isGranted());
        assertTrue(claim("b", 40).isGranted());
        assertFalse(claim("c", 1).isGranted());
        assertEquals(List.of(), granted);
    }

    @Test
    public void othersAreGrantedInTheirOrder() {
        TextBudget.Claim first = claim("first", 60);
        TextBudget.Claim large = claim("large", 80);
        TextBudget.Claim small = claim("small", 10);
        assertFalse("nobody overtakes", small.isGranted());
        first.release();
        assertEquals(List.of("large", "small"), granted);
        large.release();
        assertTrue(claim("next", 90).isGranted());
    }

    @Test
    public void whoStopsWaitingMakesWayForTheNext() {
        claim("first", 60);
        TextBudget.Claim large = claim("large", 80);
        claim("small", 10);
        large.release();
        assertEquals(List.of("small"), granted);
    }

    @Test
    public void whatIsReleasedTwiceCountsOnce() {
        TextBudget.Claim first = claim("first", 60);
        claim("second", 40);
        first.release();
        first.release();
        assertTrue(claim("third", 60).isGranted());
        assertFalse(claim("fourth", 1).isGranted());
    }

    @Test
    public void whatNeverFitsIsGrantedAlone() {
        TextBudget.Claim huge = claim("huge", 1000);
        assertTrue(huge.isGranted());
        claim("small", 1);
        huge.release();
        assertEquals(List.of("small"), granted);
    }

    @Test
    public void whoHoldsEverythingForEverDoesNotHoldUpOthers() {
        claim("slow", "a", 60);
        claim("slow", "b", 40);
        TextBudget.Claim other = claim("other", "c", 50);
        assertTrue(other.isGranted());
        assertFalse("only one, as long as that is so", claim("other", "d", 50).isGranted());
        other.release();
        assertEquals(List.of("d"), granted);
        assertFalse("there is an end", claim("third", "e", 60).isGranted());
    }

    @Test
    public void ownersGetEqualParts() {
        List<TextBudget.Claim> first = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            first.add(claim("first", "a" + i, 10));
            claim("second", "b" + i, 10);
        }
        first.get(0).release();
        first.get(1).release();
        assertEquals("as much as before each", List.of("a5", "a6"), granted.subList(granted.size() - 2, granted.size()));
        first.forEach(TextBudget.Claim::release);
        assertEquals("all that there is for who is left", 10, 5 + granted.stream().filter(n -> n.startsWith("b")).count());
    }
}
