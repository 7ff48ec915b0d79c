package io.jenkins.plugins.concurrency.steps.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What a log says about a run that has ended. */
public class RunProgressTest {

    private static RunProgress progress(String function) {
        return new RunProgress(new StepLabel(function, null, OnFailure.UNSTABLE, false), 2);
    }

    private static Outcome succeeded(int index, long millis, Map<String, Object> details) {
        return new Outcome(index, "b" + index, OutcomeStatus.SUCCEEDED, null, 1, 1_000, millis, details);
    }

    private static Outcome failed(String stdout, String stderr) {
        BranchError error = new BranchError(ErrorType.EXIT, "exit code 1");
        return new Outcome(
                0, "make", OutcomeStatus.FAILED, error, 1, 1_000, 10, Map.of("stdout", stdout, "stderr", stderr));
    }

    @Test
    public void workersThatWereIdleGetAdvice() {
        RunProgress progress = progress("cpuPool");
        progress.add(succeeded(0, 10_000, Map.of("cpuMillis", 1_000, "worker", 1)));
        progress.add(succeeded(1, 10_000, Map.of("cpuMillis", 3_000L, "worker", 2)));
        assertEquals(
                List.of("  2 workers were 20% busy; the work looks I/O-bound, which ioPool or parallelFetch would suit better"),
                progress.usageLines(() -> 2));
    }

    @Test
    public void workersOfManyShortBranchesGetNone() {
        RunProgress progress = progress("cpuPool");
        for (int i = 0; i < 201; i++) {
            progress.add(succeeded(i, 10_000, Map.of("cpuMillis", 2, "worker", 1 + i % 2)));
        }
        assertEquals(List.of("  2 workers were 2% busy"), progress.usageLines(() -> 2));
    }

    @Test
    public void aStepThatIsQuietGivesNone() {
        RunProgress progress = new RunProgress(new StepLabel("cpuPool", null, OnFailure.UNSTABLE, true), 1);
        progress.add(succeeded(0, 10_000, Map.of("cpuMillis", 1_000, "worker", 1)));
        assertEquals(List.of(), progress.usageLines(() -> 2));
    }

    @Test
    public void workersThatWereBusyGetNone() {
        RunProgress progress = progress("cpuPool");
        progress.add(succeeded(0, 10_000, Map.of("cpuMillis", 9_000, "worker", 1)));
        assertEquals(List.of("  1 worker was 90% busy"), progress.usageLines(() -> 2));
    }

    @Test
    public void threadsThatKeptTheProcessorsBusyGetAdvice() {
        RunProgress computing = progress("ioPool");
        computing.add(succeeded(0, 10_000, Map.of("cpuMillis", 10_000, "worker", 1)));
        computing.add(succeeded(1, 10_000, Map.of("sharedCpuMillis", 9_000, "worker", 6)));
        assertEquals(
                List.of("  6 workers kept 2 processors 95% busy; the work looks CPU-bound, which cpuPool would suit better"),
                computing.usageLines(() -> 2));
        assertEquals(List.of("  6 workers kept 4 processors 48% busy"), computing.usageLines(() -> 4));
        assertEquals("an older supervisor does not say", List.of("  6 workers were 32% busy"), computing.usageLines(() -> 0));
    }

    @Test
    public void workOfAMomentAndWorkWithoutProcessorTimesSayNothing() {
        RunProgress quick = progress("cpuPool");
        quick.add(succeeded(0, 100, Map.of("cpuMillis", 1, "worker", 1)));
        assertEquals(List.of(), quick.usageLines(() -> 2));
        RunProgress fetch = progress("parallelFetch");
        fetch.add(succeeded(0, 10_000, Map.of()));
        assertEquals(List.of(), fetch.usageLines(() -> 2));
    }

    @Test
    public void bothPartsOfMixedWorkAreCounted() {
        RunProgress progress = progress("parallelFetch");
        progress.fetched(2);
        assertEquals("parallelFetch: fetched 2, processed 0 of 2", progress.line());
        progress.add(succeeded(0, 500, Map.of("processAttempts", 1)));
        String line = progress.line();
        assertTrue(line, line.startsWith("parallelFetch: fetched 2, processed 1 of 2, 2.0/s"));
        BranchError error = new BranchError(ErrorType.STATUS, "HTTP 404");
        progress.add(new Outcome(1, "b1", OutcomeStatus.FAILED, error, 1, 1_000, 500, Map.of("processAttempts", 0)));
        line = progress.line();
        assertTrue(line, line.startsWith("parallelFetch: fetched 2, processed 1 of 2, 1 failed"));
    }

    @Test
    public void whatWasReusedIsCountedAndKeptNobodyBusy() {
        RunProgress progress = progress("cpuPool");
        progress.add(succeeded(0, 10_000, Map.of("cpuMillis", 9_000, "worker", 1)));
        progress.add(succeeded(1, 0, Map.of("cpuMillis", 9_000, "worker", 7, "reused", true)));
        assertTrue(progress.summary(), progress.summary().endsWith(": 2 succeeded (1 reused)"));
        assertEquals(List.of("  1 worker was 90% busy"), progress.usageLines(() -> 2));
    }

    @Test
    public void theEndOfWhatAFailedCommandWroteFollowsItsFailure() {
        RunProgress progress = progress("cpuPool");
        progress.add(failed("nobody reads this", "a\n\n\u001b[31mb\nc\n"));
        assertEquals(
                List.of("  make failed (exit): exit code 1", "    [make] a", "    [make] \u001b[31mb\u001b[m", "    [make] c"),
                progress.failureLines());
    }

    @Test
    public void ofALongOutputItIsTheLastTenLinesAndOfOneLineNothing() {
        RunProgress progress = progress("cpuPool");
        progress.add(failed("x\n".repeat(50) + "last\n", ""));
        List<String> lines = progress.failureLines();
        assertEquals(11, lines.size());
        assertTrue(lines.get(10), lines.get(10).endsWith("[make] last"));
        RunProgress brief = progress("cpuPool");
        brief.add(failed("out\nout\n", "oh\n"));
        assertEquals(1, brief.failureLines().size());
    }

    @Test
    public void ofALineThatIsWrittenOverTheLastStateIsShown() {
        RunProgress progress = progress("cpuPool");
        progress.add(failed("", "10%\r50%\r100%\r\n\rfailed\n\r\nfatal\r\r\r\nold\rend\r\r"));
        assertEquals(
                List.of("  make failed (exit): exit code 1", "    [make] 100%", "    [make] failed", "    [make] fatal", "    [make] end"),
                progress.failureLines());
    }

    @Test
    public void ofAFailureThatAnAgentReportsTheLogGetsALittle() {
        RunProgress progress = progress("cpuPool");
        String endless = "x\u001b[2J\r".repeat(100_000);
        BranchError error = new BranchError(ErrorType.EXIT, endless);
        for (int i = 0; i < 100; i++) {
            progress.add(new Outcome(i, endless, OutcomeStatus.FAILED, error, 1, 1_000, 10, Map.of("stderr", "a\n" + endless)));
        }
        String shown = String.join("\n", progress.failureLines());
        assertTrue(shown.length() + " characters", shown.length() < 100_000);
        assertTrue(shown, shown.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c)));
    }
}
