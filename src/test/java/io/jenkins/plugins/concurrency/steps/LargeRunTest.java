package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.recipes.WithTimeout;

/** What a run of 100,000 branches costs the controller. */
public class LargeRunTest {

    private static final int BRANCHES = 100_000;
    private static final long MAX_HEAP = 64 << 20;
    private static final long MAX_STATE = 64 << 10;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final PipelineRule jenkins = new PipelineRule();

    @Before
    public void startAgent() throws Exception {
        jenkins.agent("remote");
    }

    private WorkflowRun start(String name, int branches) throws Exception {
        Path go = folder.getRoot().toPath().resolve("go");
        // The last branch waits, so that all others are known while the run goes on.
        return jenkins.start(
                name,
                "@NonCPS def inputs() { (1.." + branches + ").collect { 'https://example.org/items/' + it } }\n"
                        + "node('remote') {\n"
                        + " def r = cpuPool inputs: inputs(), quiet: true, groovy: '''\n"
                        + "  if (input.endsWith('/" + branches + "')) { while (!new File('" + go + "').exists()) { sleep 50 } }\n"
                        + "  input.size()'''\n"
                        + " echo \"held ${r.succeeded} of ${r.size()}, the last is ${r[-1].value}\"\n"
                        + " sleep 1000\n"
                        + " echo \"still ${r.succeeded}\"\n"
                        + "}");
    }

    /** What is in use after a collection. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long sizeOfFlowNodes(WorkflowRun build) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.walk(build.getRootDir().toPath())) {
            for (Path file : files.filter(path -> path.toString().endsWith(".xml")).toList()) {
                size += Files.size(file);
            }
        }
        return size;
    }

    @Test
    @WithTimeout(1800)
    public void aHundredThousandBranchesCostLittleMemoryAndLessState() throws Exception {
        Path go = folder.getRoot().toPath().resolve("go");
        Files.createFile(go);
        WorkflowRun small = start("small", 10);
        jenkins.waitForMessage("held 10 of 10", small);
        small.doStop();
        jenkins.waitForCompletion(small);
        Files.delete(go);

        long before = heap();
        WorkflowRun build = start("large", BRANCHES);
        JournalIndex journal = JournalIndex.read(BuildRecord.of(build).awaitRun().journal());
        Await.until("all branches but the last", () -> {
            journal.refresh();
            return journal.ended() == BRANCHES - 1;
        });
        assertCosts("while it goes on", before, build);
        Files.createFile(go);
        jenkins.waitForMessage("held " + BRANCHES + " of " + BRANCHES + ", the last is 32", build);
        assertCosts("with its results held", before, build);
        build.doStop();
        jenkins.waitForCompletion(build);
    }

    private static void assertCosts(String when, long before, WorkflowRun build) throws IOException {
        long heap = heap() - before;
        long state = Files.size(build.getRootDir().toPath().resolve("program.dat"));
        long nodes = sizeOfFlowNodes(build);
        System.out.printf(
                "%,d branches %s: %,d KB of heap, program.dat %,d bytes, flow nodes and build.xml %,d bytes%n",
                BRANCHES, when, heap >> 10, state, nodes);
        assertTrue("heap " + heap, heap < MAX_HEAP);
        assertTrue("program.dat " + state, state < MAX_STATE);
        assertTrue("flow nodes " + nodes, nodes < MAX_STATE);
    }
}
