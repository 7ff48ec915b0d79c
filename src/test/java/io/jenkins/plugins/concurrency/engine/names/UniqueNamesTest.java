package io.jenkins.plugins.concurrency.engine.names;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.names.UniqueNames.DuplicateNameException;
import java.util.HashSet;
import java.util.Set;
import org.junit.Test;

public class UniqueNamesTest {

    private final UniqueNames names = new UniqueNames();

    @Test
    public void aGivenNameMayBeUsedOnce() throws Exception {
        assertEquals("a", names.name("a", "ignored", 0));
        DuplicateNameException twice = assertThrows(DuplicateNameException.class, () -> names.name("a", "x", 1));
        assertEquals("'a' is given twice", twice.getMessage());
    }

    @Test
    public void aDerivedNameGetsItsNumberWhereItIsTaken() throws Exception {
        assertEquals("u", names.name(null, "u", 0));
        assertEquals("u #2", names.name(null, "u", 1));
        assertEquals("u #4", names.name("u #4", "", 2));
        assertEquals("u #4'", names.name(null, "u", 3));
    }

    @Test
    public void derivedNamesAreShortAndOnOneLine() throws Exception {
        String name = names.name(null, "line one\n  line two" + "x".repeat(1_000), 0);
        assertTrue(name, name.startsWith("line one line two"));
        assertTrue(name.length() <= 301);
        String emoji = names.name(null, "x".repeat(299) + "😀😀", 1);
        assertTrue("no half character", emoji.endsWith("😀…"));
    }

    @Test
    public void manyNamesStayApart() throws Exception {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 300_000; i++) {
            assertTrue(seen.add(names.name(null, "http://host/" + i % 100_000, i)));
        }
    }
}
