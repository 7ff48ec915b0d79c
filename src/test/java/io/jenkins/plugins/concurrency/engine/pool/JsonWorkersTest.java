package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** Persistent workers that behave, and some that do not. */
public class JsonWorkersTest {

    @Rule
    public final PoolRule pool = new PoolRule();

    private final String worker = OddWorker.command();

    private static void assertAnswered(Outcome outcome) {
        assertNull(outcome.index() + ": " + outcome.error(), outcome.error());
    }

    private static void assertFailed(ErrorType type, String part, Outcome outcome) {
        assertEquals(outcome.toString(), OutcomeStatus.FAILED, outcome.status());
        assertEquals(outcome.toString(), type, outcome.error().type());
        assertTrue(outcome.error().message(), outcome.error().message().contains(part));
    }

    @Test
    public void aWorkerGetsArgumentsAndAnswersAValueAndOutput() throws Exception {
        Map<String, Object> map = Map.of("n", 1);
        List<Outcome> outcomes = pool.run(pool.worker(worker, "arguments text", List.of("arguments", "a", "b"), map));
        assertEquals(List.of("arguments text"), outcomes.get(0).value());
        assertEquals(List.of("arguments", "a", "b"), outcomes.get(1).value());
        assertEquals(List.of("{\"n\":1}"), outcomes.get(2).value());
        assertEquals("said", outcomes.get(0).details().get("stdout"));
        assertEquals(0, outcomes.get(0).details().get("exitCode"));
    }

    @Test
    public void anAnswerWithoutAValueYieldsItsOutput() throws Exception {
        assertEquals("said", pool.run(pool.worker(worker, "output")).get(0).value());
    }

    @Test
    public void workersStayUp() throws Exception {
        Set<Object> pids = new HashSet<>();
        for (Outcome outcome : pool.run(pool.worker(worker, (Object[]) "pid ".repeat(20).split(" ")))) {
            assertAnswered(outcome);
            pids.add(outcome.value());
        }
        assertTrue(pids.toString(), pids.size() <= 2);
        pool.awaitEnd();
    }

    @Test
    public void whatBoundsCommandsBoundsWorkersToo() throws Exception {
        InstalledPrograms.assume("prlimit");
        String limits = "while read -r line; do printf '{\"output\":\"%s %s\"}\\n' \"$(nice)\" \"$(ulimit -d)\"; done";
        String own = (String) pool.run(pool.worker(limits, "x")).get(0).value();
        int niceness = Integer.parseInt(own.substring(0, own.indexOf(' ')));
        pool.options(CommandOptions.DEFAULT.with(Map.of("nice", 7, "memory", 64)));
        Object bounded = pool.run(pool.worker(limits, "x")).get(0).value();
        assertEquals(Math.min(19, niceness + 7) + " 65536", bounded);
    }

    @Test
    public void processorTimeIsThatOfTheWorkerAndWhatItStarts() throws Exception {
        assumeTrue("needs Linux", Files.isDirectory(java.nio.file.Path.of("/proc/self")));
        pool.workers(1);
        // the shell that starts the worker waits for it, so that the work is done by another process
        String count = "while read -r line; do case $line in *busy*) i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done ;; "
                + "*) sleep 0.5 ;; esac; echo '{}'; done; true";
        List<Outcome> outcomes = pool.run(pool.worker("sh -c '" + count.replace("'", "'\\''") + "'; true", "busy", "idle"));
        long busy = ((Number) outcomes.get(0).details().get("cpuMillis")).longValue();
        long idle = ((Number) outcomes.get(1).details().get("cpuMillis")).longValue();
        assertTrue(busy + " and " + idle, busy > 50 && idle < busy);
    }

    @Test
    public void anExitCodeIsAFailureOfItsBranch() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(pool.worker(worker, "pid", "exit", "pid"));
        assertFailed(ErrorType.EXIT, "exit code 3: bad input", outcomes.get(1));
        assertEquals(3, outcomes.get(1).details().get("exitCode"));
        assertEquals("the worker goes on", outcomes.get(0).value(), outcomes.get(2).value());
    }

    @Test
    public void aCrashCostsExactlyItsBranchAndShowsWhatWasSaid() throws Exception {
        List<Outcome> outcomes = pool.run(pool.worker(worker, "pid", "crash", "pid", "killed", "pid"));
        assertFailed(ErrorType.CRASH, "exit code 9 during the call: last words", outcomes.get(1));
        assertFailed(ErrorType.CRASH, "exit code 137", outcomes.get(3));
        for (int index : new int[] {0, 2, 4}) {
            assertAnswered(outcomes.get(index));
        }
    }

    @Test
    public void rubbishIsQuotedAndItsWorkerReplaced() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes =
                pool.run(pool.worker(worker, "pid", "rubbish", "pid", "array", "endless", "binary", "pid", "open-text", "no-exit-code"));
        assertFailed(ErrorType.PROTOCOL, "the worker wrote \"Traceback \\\"x\\\"\", which is no JSON object", outcomes.get(1));
        assertFailed(ErrorType.PROTOCOL, "\"[1]\"", outcomes.get(3));
        assertFailed(ErrorType.PROTOCOL, "more than 262144 bytes without an end: \"{\\\"output\\\":\\\"xxxxxxxx", outcomes.get(4));
        assertFailed(ErrorType.PROTOCOL, "\"\\u0000", outcomes.get(5));
        assertFailed(ErrorType.PROTOCOL, "no end\", which is no JSON object", outcomes.get(7));
        assertFailed(ErrorType.PROTOCOL, "'exitCode' is out of range", outcomes.get(8));
        for (int index : new int[] {0, 2, 6}) {
            assertAnswered(outcomes.get(index));
        }
        assertFalse("replaced", outcomes.get(0).value().equals(outcomes.get(2).value()));
    }

    @Test
    public void anAnswerCountsWithItsLastBraceWhateverIsBetweenThem() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(
                pool.worker(worker, "no-line-break", "no-line-break", "pretty", "no-line-break", "bytewise", "pretty"));
        outcomes.forEach(JsonWorkersTest::assertAnswered);
        List<Object> values = outcomes.stream().map(Outcome::value).toList();
        Object braces = Map.of("brace", "}\"{");
        assertEquals(List.of("unbroken", "unbroken", braces, "unbroken", "ü{\"\\", braces), values);
    }

    @Test
    public void theFirstAnswerCountsAndAnotherHarmsNobody() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(pool.worker(worker, "twice", "pid", "rubbish-after", "pid", "pid"));
        assertEquals("first", outcomes.get(0).value());
        assertEquals("last", outcomes.get(2).value());
        outcomes.forEach(JsonWorkersTest::assertAnswered);
    }

    @Test
    public void anAnswerToARequestThatWasNotMadeIsRubbish() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(pool.worker(worker, "future", "pid", "negative", "texted", "pid"));
        assertFailed(ErrorType.PROTOCOL, "answered request 1001, which was not sent to it", outcomes.get(0));
        assertFailed(ErrorType.PROTOCOL, "answered request -1, which was not sent to it", outcomes.get(2));
        assertFailed(ErrorType.PROTOCOL, "'requestId' is no number: one", outcomes.get(3));
        assertAnswered(outcomes.get(1));
        assertAnswered(outcomes.get(4));
    }

    @Test
    public void anAnswerOutOfOrderDoesNotBecomeAnotherBranchs() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(pool.worker(worker, "pid", "previous", "pid"));
        assertEquals("its own", outcomes.get(1).value());
        assertEquals(outcomes.get(0).value(), outcomes.get(2).value());
    }

    @Test
    public void whoNeverAnswersOrTooLateIsReplacedAfterTheTimeout() throws Exception {
        pool.workers(1);
        pool.timeout(Duration.ofSeconds(6));
        List<Outcome> outcomes = pool.run(pool.worker(worker, "never", "pid", "at-its-end", "pid"));
        assertFailed(ErrorType.TIMEOUT, "no end within", outcomes.get(0));
        assertFailed(ErrorType.TIMEOUT, "no end within", outcomes.get(2));
        assertEquals(Long.class, ((Object) ((Number) outcomes.get(1).value()).longValue()).getClass());
        assertAnswered(outcomes.get(3));
        pool.awaitEnd();
    }

    @Test
    public void aWorkerThatEndsAfterAnAnswerIsReplaced() throws Exception {
        pool.workers(1);
        pool.maxTasksPerWorker(1);
        List<Outcome> outcomes = pool.run(pool.worker(worker, "pid", "pid", "pid"));
        outcomes.forEach(JsonWorkersTest::assertAnswered);
        assertEquals(3, new HashSet<>(outcomes.stream().map(Outcome::value).toList()).size());
    }

    @Test
    public void largeInputsAndValuesTravelThroughFiles() throws Exception {
        String large = "size " + "ü\n\"'".repeat(50_000);
        List<Outcome> outcomes = pool.run(pool.worker(worker, large, "large-value", "escape", "no-file", "path-of-value", "escape-by-path"));
        assertEquals(Arrays.asList(large.length(), "a file"), outcomes.get(0).value());
        assertEquals(100_000, ((String) outcomes.get(1).value()).length());
        assertFailed(ErrorType.PROTOCOL, "is not the name of a file", outcomes.get(2));
        assertFailed(ErrorType.PROTOCOL, "is no file", outcomes.get(3));
        assertEquals(List.of(1), outcomes.get(4).value());
        assertFailed(ErrorType.PROTOCOL, "is not the name of a file", outcomes.get(5));
    }

    @Test
    public void whatAWorkerHasStartedEndsWithIt() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(pool.worker(worker, "child-and-crash", "pid"));
        assertFailed(ErrorType.CRASH, "exit code 4", outcomes.get(0));
        assertAnswered(outcomes.get(1));
        pool.awaitEnd();
        assertEquals(List.of(), pool.processes());
    }

    @Test
    public void aCommandThatIsNotThereIsACrashThatSaysSo() throws Exception {
        assertFailed(ErrorType.CRASH, "exit code 127", pool.run(pool.worker("no-such-worker --fast", 1)).get(0));
    }

    @Test
    public void secretsAreHiddenInWhatIsQuoted() throws Exception {
        pool.secrets("tOpS3cret-1234567890");
        for (Outcome outcome : pool.run(pool.worker(worker, "secret-rubbish", "secret-output", "secret-crash"))) {
            String said = outcome.error().message() + outcome.details();
            assertTrue(said, said.contains("****"));
            assertFalse(said, said.contains("tOpS3"));
        }
    }

    /** Among ten thousand inputs each misbehaviour costs exactly the branches that it should, and leaves nothing. */
    @Test
    public void everyBranchIsAccountedForAmongThousandsOfFaults() throws Exception {
        pool.workers(4);
        pool.timeout(Duration.ofSeconds(20));
        FaultyInputs inputs = FaultyInputs.seeded(Long.getLong("faults.seed", 20_261), 10_000, 5);
        List<Outcome> outcomes = pool.run(pool.worker(OddShell.command(pool.directory()), inputs.inputs().toArray()));
        assertEquals(10_000, outcomes.size());
        for (int index = 0; index < outcomes.size(); index++) {
            Outcome outcome = outcomes.get(index);
            assertEquals(index, outcome.index());
            ErrorType expected = inputs.expected(index);
            ErrorType actual = outcome.error() == null ? null : outcome.error().type();
            assertEquals("seed " + inputs.seed() + ", input " + inputs.inputs().get(index) + ": " + outcome.error(), expected, actual);
        }
        pool.awaitEnd();
        assertEquals(List.of(), pool.processes());
        try (var left = Files.list(pool.outputs().resolve("worker-files"))) {
            assertEquals(0, left.count());
        }
    }
}
