package io.jenkins.plugins.concurrency.steps.metrics;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertEquals;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import io.jenkins.plugins.concurrency.steps.StepCompletion;
import io.jenkins.plugins.concurrency.steps.log.ProgressListener;
import io.jenkins.plugins.concurrency.steps.log.RunProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.metrics.api.Metrics;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.LoggerRule;
import org.jvnet.hudson.test.TestExtension;

/** What the plugin {@code metrics} shows of all steps, and what the log has without it. */
public class StepMetricsTest {

    private static final String PREFIX = "concurrency-steps.";

    @Rule(order = 0)
    public final PipelineSessionRule sessions = new PipelineSessionRule();

    @Rule(order = 1)
    public final LoggerRule log = new LoggerRule().record(StepCompletion.class, Level.FINE).record(RunProgress.class, Level.WARNING).capture(20);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** As one that another version of a plugin has broken. */
    @TestExtension
    public static final class BrokenListener implements ProgressListener {

        @Override
        public void branchEnded(String step, Outcome outcome, boolean isReused, long waitedMillis) {
            throw new NoSuchMethodError("gone");
        }

        @Override
        public void supervisorHad(long heapBytes) {
            throw new IllegalStateException("never called, because the listener has failed before");
        }
    }

    @Test
    public void stepsAreCountedAndWhatEndedBeforeARestartIsNotCountedAgain() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.agent("remote");
            PipelineRule.allowOwnNetwork();
            jenkins.run(
                    Result.SUCCESS,
                    "node('remote') { cpuPool workers: 1, onFailure: 'ignore', needs: [never: 'bad'], name: 'pool',\n"
                            + "  tasks: [slow: 'sleep 0.3', bad: 'sleep 0.3; exit 3', never: 'true'] }\n"
                            + "parallelFetch urls: ['no url'], onFailure: 'ignore'");
            assertEquals(
                    Map.of("cpuPool.succeeded", 1L, "cpuPool.failed", 1L, "cpuPool.skipped", 1L, "parallelFetch.failed", 1L),
                    counts());
            Timer running = timer("cpuPool.running");
            assertEquals("what never ran has no times", 2, running.getCount());
            assertThat(running.getSnapshot().getMax(), greaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200)));
            assertThat("the second had to wait", timer("cpuPool.waiting").getSnapshot().getMax(), greaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200)));
            Histogram heap = registry().getHistograms().get(PREFIX + "supervisor.heap");
            assertEquals(1, heap.getCount());
            assertThat(heap.getSnapshot().getMax(), greaterThan(1L << 20));
            assertThat(heap.getSnapshot().getMax(), lessThanOrEqualTo((long) ConcurrencyConfiguration.get().getSupervisorHeap() << 20));
            assertThat(log.getMessages(), hasItem(matchesPattern(
                    ".* #1: pool: 3 branches in .*: 1 succeeded, 1 failed, 1 skipped; on average a branch waited .* and ran .*; heap of the supervisor: \\d+ MiB")));
            assertEquals(0, active());
            assertEquals(
                    "one line for each step",
                    Collections.nCopies(2, BrokenListener.class.getName() + " failed"),
                    log.getMessages().stream().filter(message -> message.endsWith(" failed")).toList());

            jenkins.start("held", "gather before: {}, after: { hold 'open' }");
            HoldStep.await("open");
            Await.until("the end of the first branch", () -> counts().containsKey("gather.succeeded"));
            assertEquals(1, active());
        });
        HoldStep.clear();
        sessions.then(jenkins -> {
            HoldStep.await("open");
            assertEquals(1, active());
            HoldStep.release("open");
            jenkins.assertEnd(Result.SUCCESS, jenkins.build("held"));
            assertEquals(Map.of("gather.succeeded", 1L), counts());
            assertThat(log.getMessages(), hasItem(containsString("held #1: gather: 2 branches in ")));
        });
    }

    @Test
    public void whatEndedWhileTheControllerWasAwayIsCountedAndWhatWasReusedIsNotCountedAgain() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.agent("remote");
            WorkflowJob job = PipelineRule.job(jenkins, "job",
                    "node('remote') { cpuPool workers: 1, resumeFrom: 'lastBuild', tasks: ['1': [old: 'true'], '2': [old: 'true', before: 'true',\n"
                            + "  away: 'until [ -e " + file("go") + " ]; do sleep 0.1; done',\n"
                            + "  later: 'touch " + file("begun") + "; until [ -e " + file("last") + " ]; do sleep 0.1; done']][env.BUILD_NUMBER] }");
            jenkins.buildAndAssertSuccess(job);
            job.scheduleBuild2(0).waitForStart();
            Map<String, Long> expected = Map.of("cpuPool.succeeded", 2L, "cpuPool.reused", 1L);
            Await.until("the end of the second branch", () -> counts().equals(expected));
        });
        Files.createFile(file("go"));
        Await.file(file("begun"));
        sessions.then(jenkins -> {
            Files.createFile(file("last"));
            jenkins.assertEnd(Result.SUCCESS, jenkins.jenkins.getItemByFullName("job", WorkflowJob.class).getLastBuild());
            assertEquals(Map.of("cpuPool.succeeded", 2L), counts());
            jenkins.stopAgent("remote");
        });
    }

    @Test
    public void oddTimesFromAnAgentAreBorne() {
        for (long odd : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}) {
            new StepMetrics().branchEnded("cpuPool", new Outcome(0, "a", OutcomeStatus.SUCCEEDED, null, 1, odd, odd, Map.of()), false, odd);
        }
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    /** Each has a row in the documentation, and each row a metric. */
    @Test
    public void allAreDocumented() throws Throwable {
        Matcher rows = Pattern.compile("\\| `(concurrency-steps\\.\\S+)` \\|").matcher(Files.readString(Path.of("docs/administration.md")));
        List<String> documented = rows.results().map(row -> row.group(1)).sorted().toList();
        sessions.then(jenkins -> assertEquals(
                documented,
                registry().getNames().stream()
                        .filter(name -> name.startsWith(PREFIX))
                        .map(name -> name.replaceFirst("\\.(parallelFetch|cpuPool|ioPool|gather)\\.", ".STEP."))
                        .distinct()
                        .sorted()
                        .toList()));
    }

    private static MetricRegistry registry() {
        return Metrics.metricRegistry();
    }

    /** All counters that have counted, without their common prefix. */
    private static Map<String, Long> counts() {
        return registry().getCounters((name, metric) -> name.startsWith(PREFIX)).entrySet().stream()
                .filter(entry -> entry.getValue().getCount() > 0)
                .collect(Collectors.toMap(
                        entry -> entry.getKey().substring(PREFIX.length()), entry -> entry.getValue().getCount(), Math::addExact, TreeMap::new));
    }

    private static Timer timer(String name) {
        return registry().getTimers().get(PREFIX + name);
    }

    private static int active() {
        return (Integer) registry().getGauges().get(PREFIX + "steps.running").getValue();
    }
}
