package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.output.KeptFolder;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Whole outputs, which stay. */
public class KeptOutputsTest {

    private static final String SECRET = "tOpS3cret-1234567890";

    @Rule
    public final PoolRule pool = new PoolRule();

    @Before
    public void needsAPosixShell() {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        pool.options(new OutputOptions(0, "make all", false));
    }

    private Path kept(Outcome outcome, String detail) {
        return pool.kept().resolve((String) outcome.details().get(detail));
    }

    private Set<String> files() throws Exception {
        try (Stream<Path> all = Files.walk(pool.kept())) {
            return all.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    public void theWholeOutputsAreKeptUnderSafeNames() throws Exception {
        List<Outcome> outcomes = pool.run(pool.commands(
                "a b/../ü$(x)", "seq 100000; echo why >&2; exit 3", "a b-..-ü-x", "echo two", "..", "echo three"));
        assertEquals(
                Set.of("1-a-b-..-x.stdout.txt", "1-a-b-..-x.stderr.txt", "2-a-b-..---x.stdout.txt", "3.stdout.txt"), files());
        Path out = kept(outcomes.get(0), "stdoutFile");
        assertEquals(100_000, Files.readAllLines(out).size());
        assertEquals("why\n", Files.readString(kept(outcomes.get(0), "stderrFile")));
        assertEquals("two\n", Files.readString(kept(outcomes.get(1), "stdoutFile")));
        for (Outcome outcome : outcomes) {
            assertTrue(outcome.toString(), KeptFolder.isKept((String) outcome.details().get("stdoutFile")));
        }
        assertTrue(out.toString(), out.getParent().toString().matches(".*/concurrency/make-all-[0-9a-f]{8}"));
        assertFalse("no output, no file", outcomes.get(1).details().containsKey("stderrFile"));
    }

    @Test
    public void whatAnAgentNamesIsNoWayOut() {
        assertTrue(KeptFolder.isKept("concurrency/cpuPool-1a2b3c4d/1-x.stdout.txt"));
        for (String name : List.of(
                "concurrency/../1-x.stdout.txt", "concurrency/x/../../etc", "/etc/passwd", "concurrency/x", "x/concurrency/x/y",
                "concurrency/x/y/z", "concurrency/x/.y", "concurrency\\x\\y", "concurrency/x/y\n", "")) {
            assertFalse(name, KeptFolder.isKept(name));
        }
    }

    @Test
    public void bytesStayWhatTheyAre() throws Exception {
        Path bytes = pool.directory().resolve("bytes");
        byte[] all = new byte[512 * 1024];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 31 + i / 256);
        }
        Files.write(bytes, all);
        Outcome plain = pool.run(pool.commands("a", "cat bytes")).get(0);
        assertArrayEquals(all, Files.readAllBytes(kept(plain, "stdoutFile")));
        pool.secrets(SECRET);
        Outcome masked = pool.run(pool.commands("a", "cat bytes")).get(0);
        assertArrayEquals(all, Files.readAllBytes(kept(masked, "stdoutFile")));
    }

    @Test
    public void secretsAreHiddenWhereverTheyStand() throws Exception {
        pool.secrets(SECRET, "gehéim-passwört");
        // no line break anywhere, so that some of them stand across the borders of whatever is read at once
        String script = "i=0; while [ $i -lt 40000 ]; do printf '%s' \"$i-" + SECRET + "-gehéim-passwört \"; i=$((i+1)); done";
        Outcome outcome = pool.run(pool.commands("a " + SECRET, script)).get(0);
        assertFalse(outcome.details().toString(), outcome.details().toString().contains("tOp"));
        String text = Files.readString(kept(outcome, "stdoutFile"), StandardCharsets.UTF_8);
        assertFalse(text.contains("tOp"));
        assertFalse(text.contains("geh"));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 40_000; i++) {
            expected.append(i).append("-****-**** ");
        }
        assertEquals(expected.toString(), text);
    }

    @Test
    public void noMoreIsKeptThanMayBeWritten() throws Exception {
        pool.options(new OutputOptions(1, "all", false));
        Outcome outcome = pool.run(pool.commands("a", "trap '' TERM; head -c 10000000000 /dev/zero")).get(0);
        assertEquals(ErrorType.TOO_LARGE, outcome.error().type());
        assertEquals(1024 * 1024, Files.size(kept(outcome, "stdoutFile")));
    }

    @Test
    public void theLastAttemptIsTheOneThatIsKept() throws Exception {
        pool.retries(1);
        Outcome outcome = pool.run(pool.commands(
                        "a", "if mkdir tried 2>/dev/null; then echo first; echo once >&2; exit 1; fi; echo second"))
                .get(0);
        assertEquals(2, outcome.attempts());
        assertEquals("second\n", Files.readString(kept(outcome, "stdoutFile")));
        assertEquals(Set.of("1-a.stdout.txt"), files());
    }

    @Test
    public void allThatFunctionsPrintIsKeptAlsoOfThoseThatCrash() throws Exception {
        pool.options(new OutputOptions(1, "calls", false));
        String source = "println 'call ' + input\nif (input == 1) (1..20000).each { println it }\n"
                + "if (input == 2) System.exit(3)\nif (input == 3) (1..40).each { println 'x' * 100000 }\ninput";
        List<Outcome> outcomes = pool.run(pool.function(source, 1, 2, 3));
        assertEquals(20_001, Files.readAllLines(kept(outcomes.get(0), "stdoutFile")).size());
        assertEquals(ErrorType.CRASH, outcomes.get(1).error().type());
        assertEquals("call 2\n", Files.readString(kept(outcomes.get(1), "stdoutFile")));
        assertEquals(1024 * 1024, Files.size(kept(outcomes.get(2), "stdoutFile")));
        try (Stream<Path> left = Files.list(pool.outputs().resolve("worker-files"))) {
            assertEquals("files are gone with their call", List.of(), left.toList());
        }
    }

    @Test
    public void theOutputsOfPersistentWorkersAreKept() throws Exception {
        String worker = "while read -r line; do printf '%s\\n' '{\"output\":\"one\\ntwo\\n\",\"value\":1}'; done";
        Outcome outcome = pool.run(pool.worker(worker, "x")).get(0);
        assertEquals(1, outcome.value());
        assertEquals("one\ntwo\n", Files.readString(kept(outcome, "stdoutFile")));
    }

    @Test
    public void anAnswerWithAnErrorCostsNoOutput() throws Exception {
        pool.options(new OutputOptions(0, "make all", true));
        pool.secrets(SECRET);
        String worker = "while read -r line; do printf '%s\\n' '{\"output\":\"one " + SECRET + "\",\"valueFile\":\"missing\"}'; done";
        Outcome outcome = pool.run(pool.worker(worker, "x")).get(0);
        assertEquals(ErrorType.PROTOCOL, outcome.error().type());
        assertEquals("one ****", outcome.details().get("stdout"));
        assertEquals("one ****", Files.readString(kept(outcome, "stdoutFile")));
        assertEquals(List.of("[input 0] one ****"), pool.console());
    }

    @Test
    public void anAnswerWhoseOutputIsNoTextLeavesNoneOfAnEarlierAttempt() throws Exception {
        pool.retries(1);
        String worker = "while read -r line; do if mkdir tried 2>/dev/null; then echo '{\"exitCode\":1,\"output\":\"first\"}'; "
                + "else echo '{\"output\":5}'; fi; done";
        Outcome outcome = pool.run(pool.worker(worker, "x")).get(0);
        assertEquals(ErrorType.PROTOCOL, outcome.error().type());
        assertEquals(2, outcome.attempts());
        assertEquals(Set.of(), files());
    }

    @Test
    public void whatCannotBeKeptCostsNoBranch() throws Exception {
        Files.writeString(pool.kept(), "in the way");
        List<Outcome> outcomes = pool.run(pool.commands("a", "echo done"));
        assertEquals(OutcomeStatus.SUCCEEDED, outcomes.get(0).status());
        assertEquals("done", outcomes.get(0).value());
        assertFalse(outcomes.get(0).details().containsKey("stdoutFile"));
        assertTrue(pool.console().toString(), pool.console().get(0).startsWith("[1-a] its output can't be kept: "));
    }
}
