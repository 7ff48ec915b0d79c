package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.Status;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Commands in real processes. */
public class CommandPoolTest {

    @Rule
    public final PoolRule pool = new PoolRule();

    @Before
    public void needsAPosixShell() {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
    }

    @Test
    public void outputsAndExitCodesComeBack() throws Exception {
        List<Outcome> outcomes = pool.run(
                pool.commands("a", "echo out; echo err >&2", "b", "exit 3", "c", "printf 'ü\\n\\n'; kill -9 $$"));
        Outcome a = outcomes.get(0);
        assertEquals(Status.SUCCEEDED, a.status());
        assertEquals("out\n", a.details().get("stdout"));
        assertEquals("err\n", a.details().get("stderr"));
        assertEquals("out", a.value());
        assertEquals(0, a.details().get("exitCode"));
        assertEquals(ErrorType.EXIT, outcomes.get(1).error().type());
        assertEquals("exit code 3", outcomes.get(1).error().message());
        assertEquals(137, outcomes.get(2).details().get("exitCode"));
        assertEquals("ü\n\n", outcomes.get(2).details().get("stdout"));
    }

    @Test
    public void theFirstCommandThatFailsEndsAScript() throws Exception {
        Outcome outcome = pool.run(pool.commands("a", "false\necho unreached")).get(0);
        assertEquals(1, outcome.details().get("exitCode"));
        assertEquals("", outcome.details().get("stdout"));
    }

    @Test
    public void theShellSaysWhatItDidNotFind() throws Exception {
        Outcome outcome = pool.run(pool.commands("a", "no-such-command-here")).get(0);
        assertEquals(127, outcome.details().get("exitCode"));
        assertTrue(outcome.error().message(), outcome.error().message().contains("no-such-command-here"));
    }

    @Test
    public void theEndOfALargeOutputIsKept() throws Exception {
        Outcome outcome =
                pool.run(pool.commands("a", "yes ä | head -c 1000001; echo END")).get(0);
        String stdout = (String) outcome.details().get("stdout");
        assertTrue(stdout.endsWith("END\n"));
        assertFalse("no half character", stdout.contains("\uFFFD") && stdout.indexOf('\uFFFD') < 100);
        assertEquals(true, outcome.details().get("truncated"));
    }

    @Test
    public void standardInputIsEmpty() throws Exception {
        assertEquals(Status.SUCCEEDED, pool.run(pool.commands("a", "cat")).get(0).status());
    }

    @Test
    public void aTimeoutEndsTheWholeTreeEvenWhereItIgnoresTheRequest() throws Exception {
        pool.timeout(Duration.ofMillis(300));
        String stubborn = "trap '' TERM; sh -c \"trap '' TERM; echo $$ > child; while :; do sleep 1; done\" & "
                + "while :; do sleep 1; done";
        Outcome outcome = pool.run(pool.commands("a", stubborn)).get(0);
        assertEquals(ErrorType.TIMEOUT, outcome.error().type());
        assertEquals(List.of(), pool.processes());
    }

    @Test
    public void whatAtaskLeavesBehindEndsWithTheTimeoutToo() throws Exception {
        pool.timeout(Duration.ofMillis(300));
        // the outer shell of the daemon has ended, so it is in nobody's tree
        Outcome outcome = pool.run(pool.commands("a", "(sleep 1000 &) ; sleep 1000")).get(0);
        assertEquals(ErrorType.TIMEOUT, outcome.error().type());
        assertEquals(List.of(), pool.processes());
    }

    @Test
    public void inputsGoThroughATemplate() throws Exception {
        List<Outcome> outcomes = pool.run(pool.template("echo {#}: {/.}", "x/one.png", "it's $(two).txt"));
        assertEquals("1: one", outcomes.get(0).value());
        assertEquals("2: it's $(two)", outcomes.get(1).value());
    }

    @Test
    public void anInputWithNulFailsAloneAsInvalid() throws Exception {
        List<Outcome> outcomes = pool.run(pool.template("echo", "a\0b", "c"));
        assertEquals(ErrorType.INVALID, outcomes.get(0).error().type());
        assertEquals("c", outcomes.get(1).value());
    }

    @Test
    public void commandsRunInTheDirectoryAndAreNumbered() throws Exception {
        Outcome outcome = pool.run(pool.commands("a", "pwd; echo $CONCURRENCY_STEPS_BRANCH")).get(0);
        String[] lines = ((String) outcome.details().get("stdout")).split("\n");
        assertEquals(pool.directory().toRealPath(), Path.of(lines[0]).toRealPath());
        assertTrue(lines[1], lines[1].endsWith("/0"));
        assertEquals(1, outcome.details().get("worker"));
    }

    @Test
    public void noMoreThanTheWorkersRunAtOnce() throws Exception {
        pool.workers(2);
        String[] tasks = new String[16];
        for (int i = 0; i < 8; i++) {
            tasks[2 * i] = "t" + i;
            // each counts who is there while it is there
            tasks[2 * i + 1] = "touch run-" + i + "; ls run-* | wc -l; rm run-" + i;
        }
        for (Outcome outcome : pool.run(pool.commands(tasks))) {
            int together = Integer.parseInt(((String) outcome.value()).strip());
            assertTrue("" + together, together <= 2);
            int worker = (int) outcome.details().get("worker");
            assertTrue("" + worker, worker == 1 || worker == 2);
        }
    }

    @Test
    public void noFilesOfOutputsAreLeft() throws Exception {
        pool.run(pool.commands("a", "echo a", "b", "exit 1"));
        try (var files = Files.list(pool.outputs())) {
            assertEquals(0, files.count());
        }
    }

    @Test
    public void secretsAreHiddenInOutputsAlsoWhereThoseAreCut() throws Exception {
        pool.secrets("tOpS3cret-1234567890");
        // the kept end begins within the secret, and has no line break
        String cut = "printf %s tOpS3cret-1234567890; head -c 8180 /dev/zero | tr '\\0' x";
        List<Outcome> outcomes = pool.run(pool.commands(
                "a", "echo got tOpS3cret-1234567890",
                "b", "echo tOpS3cret-1234567890 >&2; exit 3",
                "c", cut,
                "d", "(" + cut + ") >&2; exit 1"));
        assertEquals("got ****", outcomes.get(0).value());
        assertEquals("exit code 3: ****", outcomes.get(1).error().message());
        assertTrue(((String) outcomes.get(2).value()).startsWith("****xxx"));
        assertTrue(outcomes.get(3).error().message().startsWith("exit code 1: ****xxx"));
    }
}
