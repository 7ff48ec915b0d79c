package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
        assertEquals(OutcomeStatus.SUCCEEDED, a.status());
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
                pool.run(pool.commands("a", "yes ä | head -c 2000001; echo END")).get(0);
        String stdout = (String) outcome.details().get("stdout");
        assertTrue(stdout.endsWith("END\n"));
        assertFalse("no half character", stdout.contains("\uFFFD") && stdout.indexOf('\uFFFD') < 100);
        assertEquals(true, outcome.details().get("truncated"));
    }

    @Test
    public void anOutputOfUpToOneMebibyteIsWholeAlsoOfACommandThatFails() throws Exception {
        List<Outcome> outcomes = pool.run(pool.commands(
                "a", "head -c 1048575 /dev/zero | tr '\\0' x; echo", "b", "head -c 9000 /dev/zero | tr '\\0' y; exit 1"));
        assertEquals("x".repeat(1048575), outcomes.get(0).value());
        assertEquals("y".repeat(9000), outcomes.get(1).details().get("stdout"));
        assertFalse(outcomes.stream().anyMatch(outcome -> outcome.details().containsKey("truncated")));
    }

    @Test
    public void whatWholeOutputsMayTakeTogetherIsLimited() throws Exception {
        WholeOutputs whole = new WholeOutputs(2_000);
        assertEquals(9_000, outputOf(1, 9_000, whole).length());
        assertEquals("the end is kept", OutputTail.MAX_BYTES, outputOf(2, 10_000, whole).length());
        assertEquals("what is refused takes nothing", 9_000, outputOf(3, 9_000, whole).length());
        assertEquals("nor does what is no longer than an end", 8_000, outputOf(4, 8_000, whole).length());
        whole.drop(1);
        whole.drop(3);
        assertEquals("what attempts again had takes nothing either", 10_000, outputOf(1, 10_000, whole).length());
    }

    private static String outputOf(int branch, int length, WholeOutputs whole) throws Exception {
        OutputTail output = new OutputTail("x".repeat(length), false);
        RunningScript.End end = new RunningScript.End(0, output, new OutputTail("", false), RunningScript.Cause.ITSELF);
        RunningScript script = new RunningScript() {
            @Override
            public CompletionStage<End> end() {
                return CompletableFuture.completedFuture(end);
            }

            @Override
            public void abort() {
                throw new AssertionError("it has ended");
            }
        };
        AttemptResult result = new CommandAttempt(
                        script, SecretMask.of(List.of()), 1, more -> whole.keep(branch, more))
                .result().toCompletableFuture().get();
        return (String) result.details().get("stdout");
    }

    @Test
    public void aScriptIsReadByTheProgramOfItsFirstLine() throws Exception {
        List<Outcome> outcomes = pool.run(pool.commands(
                "cat", "#!/bin/cat\nhello $x",
                "options", "#! /bin/sh -u\nfalse\necho \"$0\" | grep -c /; echo $UNSET_NAME_HERE; echo unreached",
                "none", "#!/no/such/program\nx",
                "empty", "#!\nfalse\necho unreached",
                "nul", "#!/bin/\0cat\nx"));
        assertEquals("#!/bin/cat\nhello $x", outcomes.get(0).value());
        assertEquals("without -e, with -u", "1\n", outcomes.get(1).details().get("stdout"));
        assertEquals(127, outcomes.get(2).details().get("exitCode"));
        assertEquals("", outcomes.get(3).details().get("stdout"));
        assertEquals(ErrorType.INVALID, outcomes.get(4).error().type());
    }

    @Test
    public void aStepNamesTheShellOfItsCommands() throws Exception {
        Path shell = pool.directory().resolve("own-shell");
        Files.writeString(shell, "#!/bin/sh\necho \"[$1 $2]\"; shift 2; exec /bin/sh \"$@\"\n");
        Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwx------"));
        pool.shell(shell + " -o  strict");
        assertEquals("[-o strict]\na b", pool.run(pool.template("printf %s {}", "a b")).get(0).value());
        Outcome own = pool.run(pool.commands("a", "#!/bin/cat\nx")).get(0);
        assertEquals("its own first line counts more", "#!/bin/cat\nx", own.value());
    }

    @Test
    public void aShellWithoutOptionsEndsAtTheFirstCommandThatFails() throws Exception {
        pool.shell("/bin/sh");
        assertEquals("", pool.run(pool.commands("a", "false\necho unreached")).get(0).details().get("stdout"));
        pool.shell("/bin/sh -u");
        assertEquals("reached", pool.run(pool.commands("a", "false\necho reached")).get(0).value());
    }

    @Test
    public void standardInputIsEmpty() throws Exception {
        assertEquals(OutcomeStatus.SUCCEEDED, pool.run(pool.commands("a", "cat")).get(0).status());
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
        String secret = "printf %s tOpS3cret-1234567890; ";
        String filling = "head -c %d /dev/zero | tr '\\0' x";
        List<Outcome> outcomes = pool.run(pool.commands(
                "a", "echo got tOpS3cret-1234567890",
                "b", "echo tOpS3cret-1234567890 >&2; exit 3",
                "c", secret + String.format(filling, OutputTail.MAX_WHOLE - 12),
                "d", "(" + secret + String.format(filling, OutputTail.MAX_BYTES - 12) + ") >&2; exit 1"));
        assertEquals("got ****", outcomes.get(0).value());
        assertEquals("exit code 3: ****", outcomes.get(1).error().message());
        assertTrue(((String) outcomes.get(2).value()).startsWith("****xxx"));
        assertTrue(outcomes.get(3).error().message().startsWith("exit code 1: ****xxx"));
    }

    @Test
    public void eachTaskLeadsAProcessGroup() throws Exception {
        InstalledPrograms.assume("ps");
        for (Outcome outcome : pool.run(pool.commands("a", "ps -o pgid= -p $$; echo $$", "b", "ps -o pgid= -p $$; echo $$"))) {
            String[] lines = ((String) outcome.value()).split("\n");
            assertEquals(lines[0].strip(), lines[1]);
        }
    }

    @Test
    public void whatATaskSignalsToItsGroupReachesNoOther() throws Exception {
        List<Outcome> outcomes = pool.run(pool.commands("a", "kill 0", "b", "trap 'exit 0' TERM; kill 0", "c", "echo c"));
        assertEquals(143, outcomes.get(0).details().get("exitCode"));
        assertEquals(OutcomeStatus.SUCCEEDED, outcomes.get(1).status());
        assertEquals("c", outcomes.get(2).value());
    }

    @Test
    public void nothingThatATaskDoesToItsShellReachesTheNext() throws Exception {
        pool.workers(1);
        String state = "pwd; ulimit -n; umask; trap; echo ${leak-none}; type f >/dev/null 2>&1 || echo none";
        List<String> tasks = new ArrayList<>();
        for (String deed : List.of(
                "cd /", "ulimit -n 17", "umask 0777", "trap 'echo bye' EXIT TERM", "export leak=1", "f() { :; }", "set +e; set -u",
                "exec true", "exec >/dev/null 2>&1 </dev/zero", "exit 3", "set -m", "unset PATH")) {
            tasks.addAll(List.of(deed, deed, "after " + deed, state));
        }
        List<Outcome> outcomes = pool.run(pool.commands(tasks.toArray(String[]::new)));
        Object untouched = outcomes.get(1).value();
        for (int i = 1; i < outcomes.size(); i += 2) {
            assertEquals(outcomes.get(i).name(), untouched, outcomes.get(i).value());
        }
    }

    @Test
    public void aTaskSeesTheEnvironmentOfThisProcessAndItsCookies() throws Exception {
        Set<String> names = new TreeSet<>();
        String env = (String) pool.run(pool.commands("a", "env -0 | tr '\\n\\0' ' \\n'")).get(0).value();
        env.lines().forEach(line -> names.add(line.substring(0, line.indexOf('='))));
        Set<String> expected = new TreeSet<>(System.getenv().keySet());
        expected.addAll(List.of("CONCURRENCY_STEPS_RUN", "CONCURRENCY_STEPS_BRANCH"));
        List<String> ofShells = List.of("PWD", "OLDPWD", "SHLVL", "_");
        names.removeAll(ofShells);
        expected.removeAll(ofShells);
        expected.removeIf(name -> !name.matches("[A-Za-z_][A-Za-z0-9_]*"));
        assertEquals(expected, names);
    }

    @Test
    public void aTaskThatKillsItsShellCostsItsOwnBranchOnly() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(pool.commands("a", "kill -9 $PPID; sleep 1000", "b", "echo b"));
        assertEquals(ErrorType.CRASH, outcomes.get(0).error().type());
        assertEquals("b", outcomes.get(1).value());
        assertEquals(List.of(), pool.processes());
    }

    @Test
    public void whatADaemonWritesLaterIsNotTheNextTasksOutput() throws Exception {
        pool.workers(1);
        String daemon = "setsid sh -c 'while [ ! -e go ]; do sleep 0.1; done; echo daemon; touch said' &";
        List<Outcome> outcomes = pool.run(pool.commands(
                "daemon", daemon, "next", "touch go; while [ ! -e said ]; do sleep 0.1; done; echo next"));
        assertEquals(OutcomeStatus.SUCCEEDED, outcomes.get(0).status());
        assertEquals("next", outcomes.get(1).value());
    }

    @Test
    public void aTaskThatClosesItsOutputsEarlyGoesOn() throws Exception {
        Outcome outcome = pool.run(pool.commands("a", "exec >&- 2>&-; sleep 0.2; touch there; exit 5")).get(0);
        assertEquals(5, outcome.details().get("exitCode"));
        assertTrue(Files.exists(pool.directory().resolve("there")));
    }

    @Test
    public void aStoppedTaskHasNotEnded() throws Exception {
        String stopped = "(sleep 0.5; kill -CONT $$) & kill -STOP $$; wait; echo went on";
        assertEquals("went on", pool.run(pool.commands("a", stopped)).get(0).value());
    }

    @Test
    public void aProgramThatCannotBeRunSaysWhy() throws Exception {
        Files.writeString(pool.directory().resolve("data"), "x");
        List<Outcome> outcomes = pool.run(pool.commands("a", "./data", "b", "./missing", "c", "if ./data; then :; fi; ./data"));
        assertEquals(126, outcomes.get(0).details().get("exitCode"));
        assertEquals(127, outcomes.get(1).details().get("exitCode"));
        assertEquals(126, outcomes.get(2).details().get("exitCode"));
        for (Outcome outcome : outcomes) {
            assertTrue(outcome.error().message(), outcome.error().message().contains(outcome.index() == 1 ? "missing" : "data"));
        }
    }

    @Test
    public void processorTimeIsThatOfTheTaskAlone() throws Exception {
        assumeTrue("needs resident shells", new File("/bin/bash").canExecute());
        pool.workers(1);
        String work = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        List<Outcome> outcomes = pool.run(pool.commands("busy", work, "idle", "sleep 0.1"));
        long busy = (long) outcomes.get(0).details().get("cpuMillis");
        long idle = (long) outcomes.get(1).details().get("cpuMillis");
        assertTrue(busy + " and " + idle, busy > 20 && idle < busy);
    }

    @Test
    public void thePeakOfMemoryIsSeenWhileATaskRuns() throws Exception {
        assumeTrue("needs Linux", new File("/proc/self/task").exists());
        String large = "head -c 64000000 /dev/zero | tail -c 64000000 | (sleep 1; wc -c)";
        Outcome outcome = pool.run(pool.commands("a", large)).get(0);
        long kb = (long) outcome.details().get("maxRssKb");
        assertTrue("" + kb, kb > 50_000);
    }

    @Test
    public void moreOutputThanAllowedEndsTheTask() throws Exception {
        pool.options(new OutputOptions(1, null, false));
        List<Outcome> outcomes = pool.run(pool.commands("a", "yes", "b", "yes >&2", "c", "yes | head -c 1000000"));
        assertEquals(ErrorType.TOO_LARGE, outcomes.get(0).error().type());
        assertEquals(ErrorType.TOO_LARGE, outcomes.get(1).error().type());
        assertEquals(OutcomeStatus.SUCCEEDED, outcomes.get(2).status());
        assertEquals(List.of(), pool.processes());
    }

    @Test
    public void tenGigabytesAreNotWritten() throws Exception {
        pool.options(new OutputOptions(16, null, false));
        AtomicLong most = new AtomicLong();
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
        try {
            looks.scheduleWithFixedDelay(
                    () -> most.accumulateAndGet(outputBytes(), Math::max), 0, 5, TimeUnit.MILLISECONDS);
            Outcome outcome = pool.run(pool.commands("a", "trap '' TERM; head -c 10000000000 /dev/zero")).get(0);
            assertEquals(ErrorType.TOO_LARGE, outcome.error().type());
        } finally {
            looks.shutdownNow();
        }
        assertTrue("" + most.get(), most.get() < 2_000_000_000L);
        assertEquals(List.of(), pool.processes());
    }

    private long outputBytes() {
        return pool.outputs().resolve("0.out").toFile().length();
    }

    @Test
    public void aFullDiskIsTheFailureOfWhoWritesToIt() throws Exception {
        assumeTrue("needs /dev/full", new File("/dev/full").exists());
        Files.createDirectories(pool.outputs());
        Files.createSymbolicLink(pool.outputs().resolve("0.out"), Path.of("/dev/full"));
        List<Outcome> outcomes = pool.run(pool.commands("a", "echo lost", "b", "echo b", "c", "seq 100000 >/dev/full"));
        assertEquals(ErrorType.EXIT, outcomes.get(0).error().type());
        assertTrue(outcomes.get(0).error().message(), outcomes.get(0).error().message().contains("error"));
        assertEquals("b", outcomes.get(1).value());
        assertTrue(outcomes.get(2).error().message(), outcomes.get(2).error().message().contains("No space left"));
    }

    @Test
    public void whoseOutputHasNoPlaceFailsAlone() throws Exception {
        Files.createDirectories(pool.outputs().resolve("0.out/x"));
        List<Outcome> outcomes = pool.run(pool.commands("a", "echo lost", "b", "echo b"));
        assertEquals(ErrorType.ERROR, outcomes.get(0).error().type());
        assertTrue(outcomes.get(0).error().message(), outcomes.get(0).error().message().contains("output"));
        assertEquals("b", outcomes.get(1).value());
    }

    @Test
    public void whatForksWithoutEndIsGoneAfterItsTimeout() throws Exception {
        InstalledPrograms.assume("setsid");
        pool.timeout(Duration.ofSeconds(2));
        // each of a chain starts the next, in a session of its own, and ends; beside a tree that grows
        Files.writeString(pool.directory().resolve("next.sh"), "echo x >>hops; sleep 0.1; setsid sh ./next.sh & exit\n");
        List<Outcome> outcomes = pool.run(pool.commands(
                "chain", "sh ./next.sh; sleep 1000", "tree", "while :; do (while :; do sleep 0.1; done) & sleep 0.2; done"));
        for (Outcome outcome : outcomes) {
            assertEquals(outcome.toString(), ErrorType.TIMEOUT, outcome.error().type());
        }
        assertEquals(List.of(), pool.processes());
        assertTrue(Files.size(pool.directory().resolve("hops")) > 4);
    }

    @Test
    public void whatIsNotUtf8IsReadWithReplacements() throws Exception {
        Outcome outcome = pool.run(pool.commands("a", "printf 'a\\377\\303b'; printf '\\200' >&2; exit 1")).get(0);
        assertEquals("a\uFFFD\uFFFDb", outcome.details().get("stdout"));
        assertEquals("\uFFFD", outcome.details().get("stderr"));
    }

    @Test
    public void nicenessHoldsForAllThatATaskStarts() throws Exception {
        pool.options(CommandOptions.DEFAULT.with(Map.of("nice", 7)));
        int own = Integer.parseInt(output("nice"));
        assertEquals(Integer.toString(Math.min(19, own + 7)), pool.run(pool.commands("a", "(nice)")).get(0).value());
    }

    @Test
    public void memoryIsLimited() throws Exception {
        InstalledPrograms.assume("prlimit");
        pool.options(CommandOptions.DEFAULT.with(Map.of("memory", 64)));
        List<Outcome> outcomes = pool.run(pool.commands(
                "a", "head -c 200000000 /dev/zero | tail -c 200000000 >/dev/null; true", "b", "ulimit -d"));
        assertTrue((String) outcomes.get(0).details().get("stderr"),
                ((String) outcomes.get(0).details().get("stderr")).contains("memory exhausted"));
        assertEquals("65536", outcomes.get(1).value());
    }

    @Test
    public void eachWorkerStaysOnAProcessorOfItsOwn() throws Exception {
        InstalledPrograms.assume("taskset");
        pool.options(CommandOptions.DEFAULT.with(Map.of("pinned", true)));
        String allowed = "grep Cpus_allowed_list /proc/self/status | tr -dc 0-9,-";
        String meet = "; until [ -e at1 ] && [ -e at2 ]; do sleep 0.05; done"; // so each has a worker of its own
        List<Outcome> outcomes = pool.run(pool.commands("a", allowed + "; touch at1" + meet, "b", allowed + "; touch at2" + meet));
        assertTrue(outcomes.toString(), ((String) outcomes.get(0).value()).matches("\\d+"));
        if (Runtime.getRuntime().availableProcessors() > 1) {
            assertFalse(outcomes.get(0).value().equals(outcomes.get(1).value()));
        }
    }

    @Test
    public void aWorkerIsReplacedAfterItsTasks() throws Exception {
        assumeTrue("needs resident shells", new File("/bin/bash").canExecute());
        pool.workers(1);
        pool.maxTasksPerWorker(2);
        List<Outcome> outcomes = pool.run(pool.commands("a", "echo $PPID", "b", "echo $PPID", "c", "echo $PPID", "d", "echo $PPID"));
        assertEquals(outcomes.get(0).value(), outcomes.get(1).value());
        assertFalse(outcomes.get(1).value().equals(outcomes.get(2).value()));
        assertEquals(outcomes.get(2).value(), outcomes.get(3).value());
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
