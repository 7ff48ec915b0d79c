package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.journal.JournalLines;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jenkins.security.MasterToSlaveCallable;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.recipes.WithTimeout;

/** What many runs at once on one agent cost in threads, and how soon the controller hears of them. */
public class ManyRunsTest {

    private static final int RUNS = 200;

    /** Far fewer than one for each run, and enough for what Jenkins itself starts meanwhile. */
    private static final int MAX_MORE_THREADS = 40;

    private static final int MEASURED = 40;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final PipelineRule jenkins = new PipelineRule();

    private Slave agent;
    private Path flags;

    @Before
    public void startAgent() throws Exception {
        agent = jenkins.agent("remote");
        flags = folder.getRoot().toPath();
    }

    /** Counts them there; the peak since the last count. */
    private static final class CountThreads extends MasterToSlaveCallable<int[], RuntimeException> {
        private static final long serialVersionUID = 1;

        @Override
        public int[] call() {
            ThreadMXBean bean = ManagementFactory.getThreadMXBean();
            int[] counts = {bean.getThreadCount(), bean.getPeakThreadCount()};
            bean.resetPeakThreadCount();
            return counts;
        }
    }

    private static int[] onController() {
        return new CountThreads().call();
    }

    private int[] onAgent() throws Exception {
        return agent.getChannel().call(new CountThreads());
    }

    @Test
    @WithTimeout(1800)
    public void manyRunsAtOnceNeedFewThreads() throws Exception {
        jenkins.assertBuildStatusSuccess(
                jenkins.waitForCompletion(jenkins.start("first", "node('remote') { cpuPool tasks: ['true'] }")));
        Path go = flags.resolve("go");
        assertEquals(0, new ProcessBuilder("mkfifo", go.toString()).start().waitFor());
        onController();
        onAgent();
        int controllerBefore = onController()[0];
        int agentBefore = onAgent()[0];

        WorkflowRun many = jenkins.start(
                "many",
                "node('remote') {\n def branches = [:]\n for (int i = 0; i < " + RUNS + "; i++) {\n  def n = i\n"
                        + "  branches[\"b${n}\"] = { cpuPool tasks: [task: 'exec 3<>" + go + "; touch " + flags
                        + "/started-' + n + '; head -c 1 <&3'], quiet: true, onFailure: 'fail' }\n }\n"
                        + " parallel branches\n}");
        Await.until("all runs", () -> BuildRecord.list(flags).size() == RUNS + 1);
        int[] controller = onController();
        int[] onAgent = onAgent();
        print("controller", controllerBefore, controller);
        print("agent", agentBefore, onAgent);
        assertTrue("controller: " + controller[1], controller[1] - controllerBefore <= MAX_MORE_THREADS);
        assertTrue("agent: " + onAgent[1], onAgent[1] - agentBefore <= MAX_MORE_THREADS);

        try (OutputStream pipe = Files.newOutputStream(go)) {
            pipe.write(new byte[RUNS]); // a byte for each; whoever has said that it started has the pipe open
        }
        jenkins.assertEnd(Result.SUCCESS, many);
        int journals = 0;
        for (RunFiles run : BuildRecord.of(many).runs()) {
            assertEquals(1, JournalIndex.read(run.journal()).ended());
            journals++;
        }
        assertEquals(RUNS, journals);
        print("controller", controllerBefore, onController());
        print("agent", agentBefore, onAgent());
        Await.until("the end of all runs", () -> jenkins.registeredRuns().isEmpty());
    }

    private static void print(String where, int before, int[] counts) {
        System.out.println(where + ": " + before + " threads before, " + counts[0] + " with " + RUNS + " runs, at most "
                + counts[1] + " at once meanwhile");
    }

    /** From a branch's end on the agent to its line in the build directory; both have the same clock. */
    @Test
    @WithTimeout(1800)
    public void theEndOfABranchIsKnownSoon() throws Exception {
        WorkflowRun build = jenkins.start(
                "measured",
                "node('remote') { cpuPool inputs: (1.." + MEASURED + ").toList(), workers: 1, command: 'sleep 0.2; : {}' }");
        RunFiles run = BuildRecord.of(build).awaitRun();
        Path journal = run.journal();
        TreeMap<Long, Long> arrivals = new TreeMap<>(); // from the journal's length to the time
        try (WatchService watch = journal.getFileSystem().newWatchService()) {
            run.directory().register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (JournalIndex.read(journal).finished() == null) {
                var key = watch.poll(1, TimeUnit.MINUTES);
                assertTrue("something arrives", key != null);
                key.pollEvents();
                key.reset();
                if (Files.exists(journal)) {
                    arrivals.putIfAbsent(Files.size(journal), System.currentTimeMillis());
                }
            }
        }
        jenkins.waitForCompletion(build);
        List<Long> delays = new ArrayList<>();
        long end = 0;
        for (String line : Files.readAllLines(journal)) {
            end += line.length() + 1;
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            if (JournalLines.parse(bytes, 0, bytes.length) instanceof JournalEntry.Ended ended) {
                Outcome outcome = ended.outcome();
                delays.add(arrivals.ceilingEntry(end).getValue() - outcome.startMillis() - outcome.durationMillis());
            }
        }
        assertEquals(MEASURED, delays.size());
        Collections.sort(delays);
        double average = delays.stream().mapToLong(Long::longValue).average().orElseThrow();
        long median = delays.get(MEASURED / 2);
        System.out.println("from the end of a branch until the controller knew of it: " + Math.round(average)
                + " ms on average, median " + median + " ms, at most " + delays.get(MEASURED - 1) + " ms");
        assertTrue("median " + median, median <= 250);
        assertTrue("average " + average, average <= 1_000); // a machine that does other work too has its moments
    }
}
