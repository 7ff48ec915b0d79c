package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Runs, up to six at once on one supervisor, whose supervisors, workers and followers die at random points: nothing may be lost, and nothing done twice that
 * was not under way.
 *
 * <p>{@code -Dfaults.runs=100} makes the loop longer; {@code -Dfaults.seed=N -Dfaults.runs=M} makes the choices of
 * M runs again, as far as processes keep to a script.
 */
public class FaultLoopTest {

    private static final int DEFAULT_RUNS = 12;
    private static final int MAX_TOGETHER = 6;

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
        for (long seed = first; seed < first + runs; ) {
            int together = Math.min((int) (1 + seed % MAX_TOGETHER), (int) (first + runs - seed));
            runTogether(seed, together);
            seed += together;
        }
    }

    /** Runs that begin with one supervisor. */
    private void runTogether(long first, int count) throws Exception {
        Path home = folder.newFolder().toPath();
        AtomicInteger supervisorFaults = new AtomicInteger();
        List<CompletableFuture<Void>> runs = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            FaultyRun run = new FaultyRun(seed, folder.newFolder().toPath(), home, supervisorFaults);
            String again = "run again with -Dfaults.seed=" + first + " -Dfaults.runs=" + count + ": ";
            String name = count == 1 ? Long.toString(seed) : seed + " of " + count + " together";
            runs.add(CompletableFuture.runAsync(() -> doRun(run, name, again), thread -> new Thread(thread).start()));
        }
        for (CompletableFuture<Void> run : runs) {
            run.get();
        }
    }

    private static void doRun(FaultyRun faulty, String name, String again) {
        long begin = System.nanoTime();
        try (FaultyRun run = faulty) {
            try {
                run.run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError(again + run.story(), e);
            }
            long millis = (System.nanoTime() - begin) / 1_000_000;
            System.out.println("faults: " + name + " ok after " + millis + " ms, " + run.story());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
