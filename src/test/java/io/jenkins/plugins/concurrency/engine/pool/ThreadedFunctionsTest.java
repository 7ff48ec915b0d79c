package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;

/** Functions on threads of one process. */
public class ThreadedFunctionsTest {

    /** Ends when as many calls as there are threads wait for each other. */
    private static final String MEET =
            "java.util.concurrent.CyclicBarrier meeting\n"
                    + "synchronized (System.properties) { meeting = System.properties.computeIfAbsent('meeting') { new java.util.concurrent.CyclicBarrier(THREADS) } }\n"
                    + "meeting.await()\n";

    @Rule
    public final PoolRule pool = new PoolRule();

    private static String meet(int threads) {
        return MEET.replace("THREADS", Integer.toString(threads));
    }

    @Test
    public void callsRunAtOnceInOneProcessAndKeepTheirOutputsApart() throws Exception {
        pool.workers(8);
        List<Outcome> outcomes = pool.run(pool.functionOnThreads(
                "println 'before ' + input\n" + meet(8) + "println 'after ' + input\njava.lang.management.ManagementFactory.runtimeMXBean.pid",
                IntStream.range(0, 16).boxed().toArray()));
        Set<Object> processes = new HashSet<>();
        Set<Object> lanes = new HashSet<>();
        for (Outcome outcome : outcomes) {
            assertNull(String.valueOf(outcome.error()), outcome.error());
            int index = outcome.index();
            assertEquals("before " + index + "\nafter " + index + "\n", outcome.details().get("stdout"));
            processes.add(outcome.value());
            lanes.add(outcome.details().get("worker"));
        }
        assertEquals(1, processes.size());
        assertEquals(Set.of(1, 2, 3, 4, 5, 6, 7, 8), lanes);
    }

    @Test
    public void anExitCostsWhatIsUnderWayAndTheRestGetsAnotherProcess() throws Exception {
        pool.workers(4);
        // the four of a round are under way when the one of them exits
        List<Outcome> outcomes = pool.run(pool.functionOnThreads(
                meet(4) + "if (input == 0) System.exit(5)\nif (input < 4) Thread.sleep(600000)\ninput",
                IntStream.range(0, 12).boxed().toArray()));
        for (Outcome outcome : outcomes) {
            if (outcome.index() < 4) {
                assertEquals(ErrorType.CRASH, outcome.error().type());
                assertEquals(1, outcome.attempts());
                assertTrue(outcome.error().message(), outcome.error().message().contains("exit code 5"));
            } else {
                assertEquals(outcome.index(), outcome.value());
            }
        }
    }

    @Test
    public void aTimeoutInterruptsItsCallOnly() throws Exception {
        pool.workers(2);
        pool.timeout(Duration.ofSeconds(10));
        List<Outcome> outcomes = pool.run(pool.functionOnThreads(
                "if (input == 0) Thread.sleep(600000)\njava.lang.management.ManagementFactory.runtimeMXBean.pid", 0, 1, 2, 3));
        assertEquals(ErrorType.TIMEOUT, outcomes.get(0).error().type());
        for (Outcome outcome : outcomes.subList(1, 4)) {
            assertEquals(outcomes.get(1).value(), outcome.value());
        }
    }

    @Test
    public void aCallThatCannotBeInterruptedEndsItsProcessAfterTheOthers() throws Exception {
        pool.workers(2);
        pool.timeout(Duration.ofSeconds(10));
        List<Outcome> outcomes = pool.run(pool.functionOnThreads(
                "if (input == 0) while (true) {}\njava.lang.management.ManagementFactory.runtimeMXBean.pid", 0, 1, 2, 3));
        assertEquals(ErrorType.TIMEOUT, outcomes.get(0).error().type());
        for (Outcome outcome : outcomes.subList(1, 4)) {
            assertNull(String.valueOf(outcome.error()), outcome.error());
        }
        pool.awaitEnd();
    }

    @Test
    public void processorTimeIsThatOfTheCallAlone() throws Exception {
        pool.workers(2);
        List<Outcome> outcomes = pool.run(pool.functionOnThreads(
                meet(2) + "def bean = java.lang.management.ManagementFactory.runtimeMXBean\n"
                        + "if (input == 0) { def end = System.nanoTime() + 2000000000L; def n = 0L; while (System.nanoTime() < end) n++ }\n"
                        + "else Thread.sleep(2000)\nbean.specVersion",
                0,
                1));
        Map<String, Object> busy = outcomes.get(0).details();
        Map<String, Object> idle = outcomes.get(1).details();
        if (Double.parseDouble((String) outcomes.get(0).value()) < 21) {
            long of = ((Number) busy.get("cpuMillis")).longValue();
            long other = ((Number) idle.get("cpuMillis")).longValue();
            assertTrue(of + " and " + other, of > 200 && of < 2_200 && other < of);
        } else {
            long both = ((Number) busy.get("sharedCpuMillis")).longValue() + ((Number) idle.get("sharedCpuMillis")).longValue();
            assertTrue("of virtual threads, in sum: " + both, both > 200);
        }
    }

    @Test
    public void noMemoryCostsWhatIsUnderWay() throws Exception {
        pool.workers(2);
        pool.options(new PoolSettings.WorkerOptions(null, List.of(), 64));
        List<Outcome> outcomes = pool.run(pool.functionOnThreads(
                meet(2) + "if (input == 0) new byte[1 << 30].length\nif (input == 1) Thread.sleep(600000)\ninput", 0, 1, 2, 3));
        assertEquals(ErrorType.CRASH, outcomes.get(0).error().type());
        assertEquals(ErrorType.CRASH, outcomes.get(1).error().type());
        assertEquals(2, outcomes.get(2).value());
        assertEquals(3, outcomes.get(3).value());
    }
}
