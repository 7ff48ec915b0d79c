package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assume.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Runs whose supervisors, workers and followers die at random points: nothing may be lost, and nothing done twice that
 * was not under way.
 *
 * <p>{@code -Dfaults.runs=100} makes the loop longer; {@code -Dfaults.seed=N -Dfaults.runs=1} makes the choices of one
 * run again, as far as processes keep to a script.
 */
public class FaultLoopTest {

    private static final int DEFAULT_RUNS = 8;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void checkMachine() {
        assumeTrue("finds processes through /proc", Files.isDirectory(Path.of("/proc/self")));
    }

    @Test
    public void everyBranchIsAccountedForWhateverDies() throws Exception {
        int runs = Integer.getInteger("faults.runs", DEFAULT_RUNS);
        long first = Long.getLong("faults.seed", RandomGenerator.getDefault().nextInt(1_000_000_000));
        System.out.println("faults: " + runs + " runs with seeds from " + first);
        for (long seed = first; seed < first + runs; seed++) {
            long begin = System.nanoTime();
            try (FaultyRun run = new FaultyRun(seed, folder.newFolder().toPath())) {
                try {
                    run.run();
                } catch (Exception | AssertionError e) {
                    throw new AssertionError(
                            "run again with -Dfaults.seed=" + seed + " -Dfaults.runs=1: " + run.story(), e);
                }
                long millis = (System.nanoTime() - begin) / 1_000_000;
                System.out.println("faults: " + seed + " ok after " + millis + " ms, " + run.story());
            }
        }
    }
}
