package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Lines of commands that are shown while these run. */
public class FollowedOutputsTest {

    private static final Pattern NOTE = Pattern.compile("(?:\\[\\w+\\] )?… ([\\d,]+) lines? left out");

    @Rule
    public final PoolRule pool = new PoolRule();

    @Before
    public void needsAPosixShell() {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        pool.options(new OutputOptions(0, null, true));
    }

    @Test
    public void aLineIsShownBeforeItsCommandEnds() throws Exception {
        pool.onConsole("[a] before", () -> pool.directory().resolve("seen").toFile().mkdir());
        pool.run(pool.commands("a", "echo before; until [ -d seen ]; do sleep 0.05; done; printf after"));
        assertEquals(List.of("[a] before", "[a] after"), pool.console());
    }

    @Test
    public void aLineOfAFunctionIsShownBeforeItReturns() throws Exception {
        String source = "println 'before'; while (!new File('seen').exists()) Thread.sleep(20); print 'after'";
        pool.onConsole("[input 0] before", () -> pool.directory().resolve("seen").toFile().mkdir());
        pool.run(pool.function(source, 1));
        assertEquals(List.of("[input 0] before", "[input 0] after"), pool.console());
        pool.console().clear();
        pool.directory().resolve("seen").toFile().delete();
        pool.run(pool.functionOnThreads(source, 1));
        assertEquals(List.of("[input 0] before", "[input 0] after"), pool.console());
    }

    @Test
    public void linesOfCommandsAtOnceAreNeverMixed() throws Exception {
        pool.workers(4);
        String[] tasks = new String[8];
        for (int i = 0; i < 4; i++) {
            tasks[2 * i] = "t" + i;
            // each line in two pieces, on both streams
            tasks[2 * i + 1] = "for n in $(seq 40); do printf 'out-%s-' " + i + "; printf 'err-%s-' " + i
                    + " >&2; printf '%s\\n' $n; printf '%s\\n' $n >&2; done";
        }
        pool.run(pool.commands(tasks));
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            int task = i;
            IntStream.rangeClosed(1, 40).forEach(n -> {
                expected.add("[t" + task + "] out-" + task + "-" + n);
                expected.add("[t" + task + "] err-" + task + "-" + n);
            });
        }
        assertEquals(expected, new HashSet<>(pool.console()));
        assertEquals(320, pool.console().size());
    }

    @Test
    public void whoWritesTooMuchIsCutShortAndSaysHowManyLinesAreLeftOut() throws Exception {
        pool.workers(2);
        pool.run(pool.commands("loud", "seq 300000", "quiet", "echo here"));
        assertTrue(pool.console().contains("[quiet] here"));
        long shown = pool.console().stream().filter(line -> line.matches("\\[loud\\] \\d+")).count();
        long leftOut = 0;
        for (String line : pool.console()) {
            Matcher note = NOTE.matcher(line);
            leftOut += note.matches() ? Long.parseLong(note.group(1).replace(",", "")) : 0;
        }
        assertTrue("" + shown, shown >= 1_000 && shown < 10_000);
        assertEquals("every line is accounted for", 300_000, shown + leftOut);
    }

    @Test
    public void ofALineThatIsWrittenOverTheLastStateIsShown() throws Exception {
        pool.run(pool.commands("a", "printf '10%%\\r100%%\\r\\nplain\\r\\r\\r\\n'; head -c 9000 /dev/zero | tr '\\0' x; printf '\\rend\\r'"));
        assertEquals(List.of("[a] 100%", "[a] plain", "[a] end"), pool.console());
    }

    @Test
    public void aLineWithoutEndIsCut() throws Exception {
        pool.run(pool.commands("a", "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo next"));
        assertEquals(2, pool.console().size());
        assertTrue(pool.console().get(0).length() < 5_000 && pool.console().get(0).endsWith("xxx…"));
        assertEquals("[a] next", pool.console().get(1));
    }

    @Test
    public void secretsAreHiddenAlsoWhereALineIsCut() throws Exception {
        pool.secrets("tOpS3cret-1234567890");
        pool.run(pool.commands(
                "tOpS3cret-1234567890", "echo tOpS3cret-1234567890; head -c 4090 /dev/zero | tr '\\0' x; echo tOpS3cret-1234567890"));
        assertEquals("[****] ****", pool.console().get(0));
        assertTrue(pool.console().get(1), pool.console().get(1).endsWith("xxx****…"));
        assertFalse(pool.console().toString().contains("tOp"));
    }

    @Test
    public void ofASecretThatIsWrittenOverNothingIsShown() throws Exception {
        pool.secrets("first\rsecond");
        pool.run(pool.commands("a", "printf 'x first\\rsecond\\nfirst\\r\\nsecond\\r'"));
        assertEquals(List.of("[a] ****", "[a] ****", "[a] ****"), pool.console());
    }

    @Test
    public void whatIsNoTextIsShownAsOne() throws Exception {
        pool.run(pool.commands("a", "printf '\\377\\000\\n'"));
        assertEquals(List.of("[a] \uFFFD\0"), pool.console());
    }

    @Test
    public void theLinesOfACommandThatIsEndedAreShown() throws Exception {
        pool.timeout(Duration.ofSeconds(2));
        pool.run(pool.commands("a", "echo before; sleep 1000"));
        assertEquals(List.of("[a] before"), pool.console());
    }
}
