package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.Rule;
import org.junit.Test;

/** Functions in real worker processes. */
public class FunctionPoolTest {

    @Rule
    public final PoolRule pool = new PoolRule();

    private static List<Object> values(List<Outcome> outcomes) {
        return outcomes.stream().map(outcome -> outcome.value()).toList();
    }

    @Test
    public void aFunctionGetsItsInputAndReturnsJsonValues() throws Exception {
        List<Outcome> outcomes = pool.run(pool.function(
                "[index: index, twice: input.n * 2, text: \"${input.n}\", list: [1, 2.5, true, null]]",
                Map.of("n", 21),
                Map.of("n", 1)));
        assertEquals(
                Map.of("index", 0, "twice", 42, "text", "21", "list", Arrays.asList(1, 2.5, true, null)),
                outcomes.get(0).value());
        assertEquals(1, ((Map<?, ?>) outcomes.get(1).value()).get("index"));
    }

    @Test
    public void workersStayUpAndKeepNothingOfACall() throws Exception {
        List<Outcome> outcomes = pool.run(pool.function(
                "def first = !binding.hasVariable('seen'); seen = 1; [first, java.lang.management.ManagementFactory.runtimeMXBean.pid]",
                (Object[]) new Integer[40]));
        Set<Object> processes = new HashSet<>();
        for (Outcome outcome : outcomes) {
            assertNull(String.valueOf(outcome.error()), outcome.error());
        }
        for (Object value : values(outcomes)) {
            assertEquals("nothing is left of an earlier call", true, ((List<?>) value).get(0));
            processes.add(((List<?>) value).get(1));
        }
        assertTrue(processes.toString(), processes.size() <= 2);
    }

    /** Each call ends when the other one has begun too. */
    @Test
    public void callsThatTakeLongRunAtOnce() throws Exception {
        String meet = "new File(\"begun-${input}\").createNewFile()\n"
                + "while (!new File(\"begun-${1 - input}\").exists()) Thread.sleep(10)\ninput";
        List<Outcome> outcomes = pool.run(pool.function(meet, 0, 1));
        assertEquals(List.of(0, 1), values(outcomes));
        Set<Object> workers = new HashSet<>();
        outcomes.forEach(outcome -> workers.add(outcome.details().get("worker")));
        assertEquals(Set.of(1, 2), workers);
    }

    @Test
    public void whatAFunctionPrintsIsItsStdout() throws Exception {
        Outcome outcome = pool.run(pool.function("println 'ü ' + input; System.out.print('x'); 1", "a"))
                .get(0);
        assertEquals("ü a\nx", outcome.details().get("stdout"));
        assertEquals(1, outcome.value());
    }

    @Test
    public void whatItsChildrenPrintOrReadDisturbsNobody() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        Object[] inputs = {"a", "b", "c", "d"};
        String children = "def child = new ProcessBuilder('sh', '-c', 'echo hi; echo \"{}\"; cat').inheritIO().start()\n"
                + "[child.waitFor(), input]";
        List<List<Object>> expected = Stream.of(inputs).map(input -> List.of(0, input)).toList();
        assertEquals(expected, values(pool.run(pool.function(children, inputs))));
        assertEquals(expected, values(pool.run(pool.functionOnThreads(children, inputs))));
    }

    @Test
    public void whatNativeCodePrintsOrReadsDisturbsNobody() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        String descriptors = "new FileOutputStream(FileDescriptor.out).write('hi\\n{}\\n'.bytes)\n"
                + "[new FileInputStream(FileDescriptor.in).read(), input]";
        assertEquals(
                List.of(List.of(-1, "a"), List.of(-1, "b"), List.of(-1, "c")),
                values(pool.run(pool.function(descriptors, "a", "b", "c"))));
    }

    @Test
    public void whatAChildPrintedIsToldWhereItsFunctionCrashed() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        Outcome outcome = pool.run(pool.function(
                        "new ProcessBuilder('echo', 'last words').inheritIO().start().waitFor(); System.exit(3)", 1))
                .get(0);
        assertTrue(outcome.error().message(), outcome.error().message().endsWith("last words"));
    }

    @Test
    public void anExceptionCostsItsBranchAndNamesItsLine() throws Exception {
        List<Outcome> outcomes =
                pool.run(pool.function("\nif (input == 2) {\n  throw new IOException('no luck')\n}\ninput", 1, 2, 3));
        assertEquals(OutcomeStatus.SUCCEEDED, outcomes.get(0).status());
        assertEquals(ErrorType.ERROR, outcomes.get(1).error().type());
        assertEquals("java.io.IOException: no luck (line 3)", outcomes.get(1).error().message());
        assertEquals(3, outcomes.get(2).value());
    }

    @Test
    public void aDyingWorkerCostsExactlyItsBranch() throws Exception {
        String source = "if (input == 1) System.exit(7)\n"
                + "if (input == 2) new ProcessBuilder('/bin/sh', '-c', 'kill -9 $PPID').start().waitFor()\n"
                + "if (input == 3) new long[Integer.MAX_VALUE - 8].length\n"
                + "input";
        List<Outcome> outcomes = pool.run(pool.function(source, 0, 1, 2, 3, 4, 5));
        for (int index : new int[] {1, 2, 3}) {
            assertEquals("input " + index, ErrorType.CRASH, outcomes.get(index).error().type());
        }
        assertTrue(outcomes.get(1).error().message().contains("exit code 7"));
        for (int index : new int[] {0, 4, 5}) {
            assertEquals(index, outcomes.get(index).value());
        }
    }

    @Test
    public void aTimeoutEndsTheWorkerAndTheNextCallGetsAnother() throws Exception {
        pool.workers(1);
        pool.timeout(Duration.ofSeconds(15));
        List<Outcome> outcomes = pool.run(pool.function("if (input) while (true) {}\n'done'", true, false));
        assertEquals(ErrorType.TIMEOUT, outcomes.get(0).error().type());
        assertEquals("done", outcomes.get(1).value());
    }

    @Test
    public void aTimeoutCostsNoOtherWorker() throws Exception {
        pool.timeout(Duration.ofSeconds(20));
        // the second worker is at work all the while
        Object[] inputs = IntStream.range(0, 40).boxed().toArray();
        List<Outcome> outcomes =
                pool.run(pool.function("if (input == 0) while (true) {}\nThread.sleep(600); input", inputs));
        assertEquals(ErrorType.TIMEOUT, outcomes.get(0).error().type());
        for (Outcome outcome : outcomes.subList(1, inputs.length)) {
            assertNull(String.valueOf(outcome.error()), outcome.error());
        }
    }

    @Test
    public void aFunctionThatThrowsAnErrorAndLeavesAThreadCostsItsBranchOnly() throws Exception {
        pool.workers(1);
        List<Outcome> outcomes = pool.run(pool.function(
                "Thread.start { Thread.sleep(1000000) }\nif (input) throw new Error('bad')\ninput", true, false));
        assertEquals("java.lang.Error: bad (line 2)", outcomes.get(0).error().message());
        assertEquals(false, outcomes.get(1).value());
    }

    @Test
    public void numbersBeyondADoubleTravelToo() throws Exception {
        BigDecimal huge = new BigDecimal("1e400");
        Outcome outcome = pool.run(pool.function("input", huge)).get(0);
        assertEquals(0, huge.compareTo((BigDecimal) outcome.value()));
    }

    @Test
    public void numbersKeepTheirPrecision() throws Exception {
        BigDecimal third = new BigDecimal("0.33333333333333333333333333333333333333");
        BigInteger large = BigInteger.TEN.pow(40).add(BigInteger.ONE);
        List<Object> numbers = Arrays.asList(third, large, Long.MAX_VALUE, 0.1, 0.30000000000000004, 1e-300);
        assertEquals(numbers, pool.run(pool.function("input", numbers)).get(0).value());
        BigDecimal version = new BigDecimal("3.10");
        Outcome same = pool.run(pool.function("[input, \"py${input}\", 1.10]", version)).get(0);
        assertEquals(List.of(version, "py3.10", new BigDecimal("1.10")), same.value());
        Outcome made = pool.run(pool.function("[1.0g / 3g, 10g ** 30]", 1)).get(0);
        assertEquals(Arrays.asList(0.3333333333, BigInteger.TEN.pow(30)), made.value());
    }

    @Test
    public void whatIsTooLargeForALineTravelsThroughAFile() throws Exception {
        String text = "\u00fc\n\"'$(x)".repeat(20_000);
        List<Outcome> outcomes = pool.run(pool.function("[input.size(), input]", text, "small"));
        assertEquals(Arrays.asList(text.length(), text), outcomes.get(0).value());
        assertEquals(Arrays.asList(5, "small"), outcomes.get(1).value());
        try (Stream<Path> left = Files.list(pool.outputs().resolve("worker-files"))) {
            assertEquals("files are gone with their call", List.of(), left.toList());
        }
    }

    @Test
    public void aFunctionUsesJarsOfTheWorkspace() throws Exception {
        Path source = Files.writeString(
                pool.directory().resolve("Twice.java"), "package lib; public class Twice { public static int of(int n) { return 2 * n; } }");
        Path classes = Files.createDirectory(pool.directory().resolve("classes"));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), source.toString());
        assertEquals(0, compiled);
        Path jars = Files.createDirectory(pool.directory().resolve("jars"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(jars.resolve("twice.jar")))) {
            jar.putNextEntry(new JarEntry("lib/Twice.class"));
            Files.copy(classes.resolve("lib/Twice.class"), jar);
        }
        for (String entry : List.of("classes", "jars/twice.jar", "jars/*")) {
            pool.options(new PoolSettings.WorkerOptions(null, List.of(entry), 0));
            assertEquals(entry, 42, pool.run(pool.function("lib.Twice.of(input)", 21)).get(0).value());
        }
    }

    @Test
    public void aMissingJarIsRefusedOnce() throws Exception {
        pool.options(new PoolSettings.WorkerOptions(null, List.of("missing.jar"), 0));
        Outcome outcome = pool.run(pool.function("1", 1)).get(0);
        assertEquals(ErrorType.INVALID, outcome.error().type());
        assertEquals(List.of("the class path's 'missing.jar' is not there"), pool.refusals());
    }

    @Test
    public void memoryIsTheHeapOfAWorker() throws Exception {
        pool.options(new PoolSettings.WorkerOptions(null, List.of(), 48));
        List<Outcome> outcomes = pool.run(pool.function(
                "if (input) { def hoard = []; while (true) hoard << new byte[1 << 20] }\nRuntime.runtime.maxMemory() >> 20",
                true,
                false));
        assertEquals(ErrorType.CRASH, outcomes.get(0).error().type());
        long heap = ((Number) outcomes.get(1).value()).longValue();
        assertTrue(heap + " MB", heap > 40 && heap <= 48);
    }

    @Test
    public void aWorkerIsReplacedAfterItsTasks() throws Exception {
        pool.workers(1);
        pool.maxTasksPerWorker(3);
        List<Outcome> outcomes = pool.run(
                pool.function("java.lang.management.ManagementFactory.runtimeMXBean.pid", (Object[]) new Integer[8]));
        List<Object> pids = values(outcomes);
        assertEquals(Set.of(pids.get(0)), new HashSet<>(pids.subList(0, 3)));
        assertEquals(Set.of(pids.get(3)), new HashSet<>(pids.subList(3, 6)));
        assertEquals(3, new HashSet<>(pids).size());
    }

    @Test
    public void aNativeCrashCostsExactlyItsBranchAndLeavesNothing() throws Exception {
        List<Outcome> outcomes = pool.run(pool.function(
                "if (input == 1) { def f = sun.misc.Unsafe.getDeclaredField('theUnsafe'); f.accessible = true; f.get(null).putAddress(0L, 0L) }\ninput",
                0, 1, 2, 3));
        assertEquals(ErrorType.CRASH, outcomes.get(1).error().type());
        for (int index : new int[] {0, 2, 3}) {
            assertEquals(index, outcomes.get(index).value());
        }
        assertEquals(List.of("outputs"), List.of(pool.directory().toFile().list()));
    }

    @Test
    public void whatAThreadOfAFunctionPrintsIsThatFunctions() throws Exception {
        Outcome outcome = pool.run(pool.function("Thread.start { println 'from a thread' }.join(); 1", 1))
                .get(0);
        assertEquals("from a thread\n", outcome.details().get("stdout"));
    }

    @Test
    public void aFunctionThatDoesNotCompileIsRefusedOnce() throws Exception {
        List<Outcome> outcomes = pool.run(pool.function("def (", 1, 2, 3));
        assertTrue(pool.refusals().get(0), pool.refusals().get(0).contains("function.groovy: 1"));
        outcomes.forEach(outcome -> assertEquals(ErrorType.INVALID, outcome.error().type()));
    }

    @Test
    public void aFunctionWhoseAnnotationsLackSomethingIsRefusedOnce() throws Exception {
        String ivy = "org/apache/ivy/Ivy.class";
        assumeTrue("plugins of the tests bring Ivy", getClass().getClassLoader().getResource(ivy) == null);
        List<Outcome> outcomes = pool.run(pool.function("@Grab('org.example:none:1')\nimport java.util.List\n1", 1, 2));
        assertEquals(
                List.of("the function does not compile: @Grab needs Ivy, which is not available; "
                        + "put the jars into the workspace and name them with 'classpath'"),
                pool.refusals().stream().distinct().toList());
        outcomes.forEach(outcome -> assertEquals(ErrorType.INVALID, outcome.error().type()));
    }

    @Test
    public void whatCannotTravelIsRefusedWithAnAdvice() throws Exception {
        List<Outcome> outcomes = pool.run(pool.function("input ? new Date() : [a: [0.0d / 0]]", true, false));
        assertEquals(ErrorType.ERROR, outcomes.get(0).error().type());
        assertTrue(outcomes.get(0).error().message().contains("the function returned java.util.Date; return numbers"));
        assertTrue(outcomes.get(1).error().message().contains("returned NaN"));
    }

    @Test
    public void aValueThatIsTooLargeFailsAlone() throws Exception {
        List<Outcome> outcomes = pool.run(pool.function("'\\u0001' * input", 200_000, 100_000));
        assertEquals(ErrorType.TOO_LARGE, outcomes.get(0).error().type());
        assertEquals(100_000, ((String) outcomes.get(1).value()).length());
    }

    @Test
    public void processorTimeAndMemoryAreThoseOfTheWorker() throws Exception {
        assumeTrue("needs Linux", Files.isDirectory(Path.of("/proc/self")));
        pool.workers(1);
        String source = "if (input == 'busy') { def bean = java.lang.management.ManagementFactory.threadMXBean; def end = "
                + "bean.currentThreadCpuTime + 500000000L; while (bean.currentThreadCpuTime < end) {} }\n"
                + "if (input == 'idle') Thread.sleep(500)\ninput";
        List<Outcome> outcomes = pool.run(pool.function(source, "first", "busy", "idle", "quick"));
        long busy = ((Number) outcomes.get(1).details().get("cpuMillis")).longValue();
        long idle = ((Number) outcomes.get(2).details().get("cpuMillis")).longValue();
        assertTrue(busy + " and " + idle, busy >= 450 && busy < 5_000 && idle < 400);
        long kb = ((Number) outcomes.get(1).details().get("maxRssKb")).longValue();
        assertTrue(kb + " KiB", kb > 20_000 && kb < 2_000_000);
    }

    @Test
    public void workersEndWithTheRun() throws Exception {
        pool.run(pool.function("input", 1, 2, 3));
        pool.awaitEnd();
        Await.until("the end of what a worker's shell asks about the locale", () -> pool.processes().isEmpty());
    }

    @Test
    public void retriesAreFreshCalls() throws Exception {
        pool.retries(2);
        Outcome outcome = pool.run(pool.function(
                        "def f = new File('tries'); f << 'x'; if (f.length() < 3) throw new Exception('again'); f.length()",
                        1))
                .get(0);
        assertEquals(3, outcome.attempts());
        assertEquals(3, outcome.value());
    }

    @Test
    public void secretsAreHiddenInWhatFunctionsSay() throws Exception {
        pool.secrets("tOpS3cret-1234567890");
        String source = "def secret = ['tOpS3cret', '1234567890'].join('-')\n"
                + "if (input == 'print') { print secret; return 1 }\n"
                // the message is cut within the secret
                + "if (input == 'throw') throw new Exception('x' * 1970 + secret * 10)\n"
                + "if (input == 'die') { System.err.println secret; System.exit(3) }\n";
        List<Outcome> outcomes = pool.run(pool.function(source, "print", "throw", "die"));
        assertEquals("****", outcomes.get(0).details().get("stdout"));
        for (Outcome outcome : outcomes.subList(1, 3)) {
            assertTrue(outcome.error().message(), outcome.error().message().contains("****"));
            assertFalse(outcome.error().message(), outcome.error().message().contains("tOp"));
        }
    }

    @Test
    public void aRefusalShowsNoSecret() throws Exception {
        pool.secrets("tOpS3cret-1234567890");
        pool.run(pool.function("def ( 'tOpS3cret-1234567890'", 1));
        assertTrue(pool.refusals().get(0), pool.refusals().get(0).contains("****"));
        assertFalse(pool.refusals().get(0), pool.refusals().get(0).contains("tOpS3"));
    }
}
