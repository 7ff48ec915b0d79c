package io.jenkins.plugins.concurrency.steps.durability;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.AbortException;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.CauseOfInterruption;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DurabilityHintJobProperty;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/**
 * Builds whose steps failed in every way can be read when the plugin is gone, as graph views read them. They run without
 * a plugin that is optional.
 */
public class PluginRemovedTest {

    private static final String SCRIPT = String.join(
            "\n",
            "def fail() { parallelFetch(urls: ['no url'], name: 'fetches', onFailure: 'fail') }",
            "stage('caught') { try { fail() } catch (e) { echo \"results: ${e.results.failed} failed\" } }",
            "stage('wrong') { try { parallelFetch urls: ['http://localhost/'], concurrency: 0 } catch (e) { echo e.message } }",
            "stage('unknown') { try { node { ioPool inputs: [1], commnd: 'x' } } catch (e) { echo e.message } }",
            "stage('late') { gather slow: { hang() }, timeout: 1, onFailure: 'ignore' }",
            "stage('warned') { gather slow: { warnError('warned') { hang() } }, timeout: 1, onFailure: 'ignore' }",
            "stage('fast') { gather bad: { sleep 1; error 'bad' }, slow: { hang() }, failFast: true, onFailure: 'ignore' }",
            "stage('fatal') { parallel one: { fail() }, two: { fail() } }",
            "def hang() { sleep 600 }");

    /** A class of the plugin's that stands where one is named that is to be read. */
    private static final Pattern OWN_CLASS = Pattern.compile("<(?!/)[^>]*\\bio\\.jenkins\\.plugins\\.concurrency\\.[^>]*>");

    @Rule
    public final RealJenkinsRule jenkins = new RealJenkinsRule().omitPlugins("metrics");

    @Test
    public void failedBuildsAreReadWithoutThePlugin() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(PluginRemovedTest::build);
        jenkins.stopJenkins();
        for (FlowDurabilityHint durability : FlowDurabilityHint.values()) {
            assertNoClassIsNamed(jenkins.getHome().toPath().resolve("jobs").resolve(durability.name()).resolve("builds/1"));
        }
        Files.delete(jenkins.getHome().toPath().resolve("plugins/concurrency-steps.jpl"));
        jenkins.startJenkins();
        jenkins.runRemotely(PluginRemovedTest::read);
    }

    private static void build(JenkinsRule jenkins) throws Exception {
        assertNull(jenkins.jenkins.pluginManager.getPlugin("metrics"));
        PipelineRule.allowOwnNetwork();
        for (FlowDurabilityHint durability : FlowDurabilityHint.values()) {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, durability.name());
            job.addProperty(new DurabilityHintJobProperty(durability));
            job.setDefinition(new CpsFlowDefinition(SCRIPT, true));
            WorkflowRun build = jenkins.buildAndAssertStatus(Result.ABORTED, job); // as warnError says
            jenkins.assertLogContains("results: 1 failed", build);
            jenkins.assertLogContains("ERROR: fetches: 1 of 1 branches did not succeed", build);
        }
    }

    private static void assertNoClassIsNamed(Path build) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(build)) {
            files = all.filter(file -> file.toString().endsWith(".xml")).toList();
        }
        assertTrue("the graph is kept in " + files, files.size() > 1);
        for (Path file : files) {
            Matcher named = OWN_CLASS.matcher(Files.readString(file));
            while (named.find()) {
                assertTrue(file + ": " + named.group(), named.group().contains("resolves-to=\"org.jenkinsci."));
            }
        }
    }

    private static void read(JenkinsRule jenkins) throws Exception {
        assertNull(jenkins.jenkins.pluginManager.getPlugin("concurrency-steps"));
        for (FlowDurabilityHint durability : FlowDurabilityHint.values()) {
            readGraph(jenkins.jenkins
                    .getItemByFullName(durability.name(), WorkflowJob.class)
                    .getBuildByNumber(1));
        }
    }

    private static void readGraph(WorkflowRun build) {
        List<Throwable> failures = new ArrayList<>();
        for (FlowNode node : new DepthFirstScanner().allNodes(build.getExecution())) {
            ErrorAction error = node.getError();
            if (error != null) {
                failures.add(Objects.requireNonNull(error.getError(), node::toString));
                assertFalse(node.toString(), error.getDisplayName().isEmpty());
                assertTrue(node.toString(), ErrorAction.findOrigin(error.getError(), build.getExecution()) != null);
            }
        }
        assertTrue(failures.toString(), count(failures, AbortException.class, "fetches: 1 of 1 branches did not succeed") >= 4);
        assertTrue(failures.toString(), count(failures, AbortException.class, "concurrency: 0 is given") >= 1);
        assertTrue(failures.toString(), count(failures, FlowInterruptedException.class, "did not end within 1 s") >= 1);
        assertTrue(failures.toString(), count(failures, FlowInterruptedException.class, "failFast: 'bad' failed") >= 1);
        List<String> causes = build.getAction(InterruptedBuildAction.class).getCauses().stream()
                .map(CauseOfInterruption::getShortDescription)
                .toList();
        assertEquals(List.of("Exception: did not end within 1 s"), causes);
    }

    private static long count(List<Throwable> failures, Class<?> type, String message) {
        return failures.stream()
                .filter(failure -> failure.getClass() == type && failure.getMessage().contains(message))
                .count();
    }
}
