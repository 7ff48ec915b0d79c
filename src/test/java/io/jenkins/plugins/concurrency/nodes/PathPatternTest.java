package io.jenkins.plugins.concurrency.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

public class PathPatternTest {

    private static List<String> matching(String pattern, String... paths) {
        PathPattern wanted = new PathPattern(pattern);
        return Stream.of(paths).filter(wanted::matches).toList();
    }

    @Test
    public void starsAndQuestionMarksStayWithinASegment() {
        assertEquals(List.of("a.txt", "b.txt"), matching("*.txt", "a.txt", "b.txt", "c.bin", "d/e.txt"));
        assertEquals(List.of("out/a1"), matching("out/a?", "out/a1", "out/a12", "out/a/"));
        assertEquals(List.of("a+b(c).txt"), matching("a+b(c).*", "a+b(c).txt", "aab(c).txt"));
    }

    @Test
    public void twoStarsAreAnyNumberOfSegments() {
        assertEquals(List.of("out/a", "out/b/c"), matching("out/**", "out/a", "out/b/c", "output/a"));
        assertEquals(List.of("a.txt", "b/c/d.txt"), matching("**/*.txt", "a.txt", "b/c/d.txt", "b/c"));
        assertEquals(List.of("x/y.o", "x/a/b/y.o"), matching("x/**/y.o", "x/y.o", "x/a/b/y.o", "x/ay.o"));
        assertEquals(List.of("out/a/b"), matching("out/", "out/a/b", "output"));
    }

    @Test
    public void commasSeparatePatterns() {
        assertEquals(List.of("a.txt", "b.bin"), matching("*.txt, *.bin", "a.txt", "b.bin", "c.o"));
    }

    @Test
    public void foldersOfVersionControlAreMeantOnlyByName() {
        String[] paths = {".git/hooks/x", "a/.GIT/config", "a/.svn/y", "a.git/x", ".gitignore"};
        assertEquals(List.of("a.git/x", ".gitignore"), matching("**", paths));
        assertEquals(List.of(".git/hooks/x"), matching(".git/hooks/*", paths));
        assertEquals(List.of("a/.svn/y", "a.git/x", ".gitignore"), matching("**, a/.svn/*", paths));
    }

    @Test
    public void whatNeedsNoLookIsKnown() {
        assertEquals(Set.of("out/a", "b/c.txt"), new PathPattern("out/a/*/x.txt, b/c.txt").roots());
        assertEquals(Set.of(""), new PathPattern("*.txt").roots());
        assertEquals(Set.of("out"), new PathPattern("out/").roots());
    }

    @Test
    public void whatLeadsOutIsRefused() {
        for (String pattern : List.of("/etc/*", "a/../../b", "C:\\x", "..", "ok, ../x")) {
            assertThrows(pattern, IllegalArgumentException.class, () -> new PathPattern(pattern));
        }
        assertThrows(IllegalArgumentException.class, () -> new PathPattern(" , "));
    }
}
