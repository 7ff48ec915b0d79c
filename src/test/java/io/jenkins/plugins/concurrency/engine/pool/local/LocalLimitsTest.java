package io.jenkins.plugins.concurrency.engine.pool.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.StartThrottle;
import io.jenkins.plugins.concurrency.engine.schedule.StartGate;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What this machine tells and allows. */
public class LocalLimitsTest {

    private static CommandOptions pace(Duration delay, int memFree) {
        return CommandOptions.DEFAULT.with(Map.of("delay", delay, "memFree", memFree));
    }

    @Test
    public void aListOfProcessorsMayHaveRanges() throws Exception {
        assertEquals(List.of(0), ResourceLimits.AllowedProcessors.parse("0"));
        assertEquals(List.of(0, 1, 2, 3, 8, 10, 11), ResourceLimits.AllowedProcessors.parse("0-3,8,10-11"));
        assertThrows(IOException.class, () -> ResourceLimits.AllowedProcessors.parse("all"));
    }

    @Test
    public void theProcessorsOfThisMachineAreThoseOfItsAffinityMask() throws Exception {
        InstalledPrograms.assume("taskset");
        Process process = new ProcessBuilder(
                        "taskset", "-c", ResourceLimits.AllowedProcessors.ofThisProcess().get(0).toString(), TestJvm.PROGRAM, "-cp",
                        TestJvm.CLASS_PATH, CountedProcessors.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals("1", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    /** Says how many workers a pool would have. */
    public static final class CountedProcessors {
        public static void main(String[] args) {
            System.out.println(new LocalHost(Path.of("unused")).processors());
        }
    }

    @Test
    public void workersTakeProcessorsInTurn() {
        ResourceLimits.ProcessorPinning linux = ResourceLimits.ProcessorPinning.byTaskset("/usr/bin/taskset", List.of(2, 5), warning -> {});
        assertEquals(List.of("/usr/bin/taskset", "-c", "2"), linux.prefix(1));
        assertEquals(List.of("/usr/bin/taskset", "-c", "5"), linux.prefix(2));
        assertEquals(linux.prefix(1), linux.prefix(3));
        ResourceLimits.ProcessorPinning windows = ResourceLimits.ProcessorPinning.onWindows(70);
        assertEquals(List.of("cmd.exe", "/d", "/c", "start", "", "/b", "/wait", "/affinity", "1"), windows.prefix(1));
        assertEquals("10", windows.prefix(5).get(8));
        assertEquals("8000000000000000", windows.prefix(64).get(8));
        assertEquals(windows.prefix(1), windows.prefix(65));
    }

    @Test
    public void whereNothingPinsAWarningSaysSo() {
        List<String> warnings = new ArrayList<>();
        assertEquals(List.of(), ResourceLimits.ProcessorPinning.byTaskset(null, List.of(0, 1), warnings::add).prefix(1));
        assertEquals(List.of(), ResourceLimits.ProcessorPinning.byTaskset("/usr/bin/taskset", List.of(), warnings::add).prefix(1));
        assertEquals(2, warnings.size());
        assertTrue(warnings.get(0), warnings.get(0).startsWith("affinity: 'core' has no effect: "));
    }

    @Test
    public void nothingStartsWhileMemoryIsShort() throws Exception {
        assumeTrue("needs Linux", new File("/proc/meminfo").exists());
        LocalHost host = new LocalHost(Path.of("unused"));
        assertEquals(Duration.ZERO, StartThrottle.of(pace(Duration.ZERO, 1), host).pause());
        StartGate greedy = StartThrottle.of(pace(Duration.ZERO, Integer.MAX_VALUE), host);
        assertTrue(greedy.pause().toMillis() > 0);
        assertTrue(greedy.pause().toMillis() > 0);
    }

    @Test
    public void theFirstStartNeedsNoDelayAndTheNextDoes() throws Exception {
        StartGate gate = StartThrottle.of(pace(Duration.ofHours(1), 0), new LocalHost(Path.of("unused")));
        assertEquals(Duration.ZERO, gate.pause());
        assertEquals("it has not begun", Duration.ZERO, gate.pause());
        gate.passed();
        assertTrue(gate.pause().toMinutes() > 50);
    }

    @Test
    public void simpleCommandsNeedNoShellOfTheirOwn() {
        assertEquals("exec gzip -9 a.txt", SimpleCommand.toEvaluate("gzip -9 a.txt\n"));
        assertEquals(
                "parallel_input='it'\\''s $x'\nexec ./f \"${parallel_input}\" x",
                SimpleCommand.toEvaluate("parallel_input='it'\\''s $x'\n./f \"${parallel_input}\" x"));
        assertEquals("true", SimpleCommand.toEvaluate("true"));
        for (String script : List.of(
                "echo a", "cd x", "time make", "a; b", "a b\nc", "a=b c", "a $x", "a 'b'", "a *", "a >b", "a ~", "a # b", "",
                "\"${parallel_input}\" x", "-x", "a \"${HOME}\"", "parallel_input='x'y\nz", "a {b,c}", "exec a", "a \\b")) {
            assertNull(script, SimpleCommand.toEvaluate(script));
        }
    }
}
