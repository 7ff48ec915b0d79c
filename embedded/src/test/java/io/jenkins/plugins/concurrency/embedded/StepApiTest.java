package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.slaves.ComputerListener;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import jenkins.model.CauseOfInterruption;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What steps see, and how they end from other threads. */
public class StepApiTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final Builds builds = new Builds();

    @Before
    public void forgetOthers() {
        HoldStep.HELD.clear();
    }

    private static StepContext held() throws InterruptedException {
        return HoldStep.HELD.take();
    }

    @Test
    public void stepsEndFromAnyThread() throws Exception {
        Builds.Build build = builds.start("echo \"${hold()}\"; try { hold() } catch (e) { echo e.message }", Map.of());
        held().onSuccess("value");
        held().onFailure(new AbortException("reason"));
        assertEquals(List.of("value", "reason"), build.said());
    }

    @Test
    public void theFirstOutcomeCounts() throws Exception {
        Builds.Build build = builds.start("echo \"${hold()}\"", Map.of());
        StepContext context = held();
        context.onSuccess("first");
        context.onFailure(new AbortException("second"));
        assertEquals(List.of("first"), build.said());
    }

    @Test
    public void theContextKnowsTheBuild() throws Exception {
        Builds.Build build = builds.start("env.G = '1'; hold()", Map.of("p", "2"));
        StepContext context = held();
        assertSame(build.run(), context.get(Run.class));
        assertSame(build.run().getParent(), context.get(Job.class));
        assertNotNull(context.get(TaskListener.class));
        assertNotNull(context.get(FlowNode.class).getId());
        assertEquals("1", context.get(EnvVars.class).get("G"));
        assertEquals("2", context.get(EnvVars.class).get("p"));
        assertNull(context.get(FilePath.class));
        assertNull(context.get(Node.class));
        assertTrue(context.isReady());
        assertSame(build.run(), Run.fromExternalizableId(build.run().getExternalizableId()));
        context.onSuccess(null);
        assertEquals(Result.SUCCESS, build.end());
    }

    @Test
    public void theContextKnowsTheNode() throws Exception {
        Builds.Build build = builds.start("node { dir('d') { withEnv(['A=1']) { hold() } } }", Map.of());
        StepContext context = held();
        assertEquals(builds.workspace().resolve("d").toString(), context.get(FilePath.class).getRemote());
        assertEquals("1", context.get(EnvVars.class).get("A"));
        assertTrue(context.get(Launcher.class).isUnix());
        assertSame(Jenkins.get(), context.get(Node.class));
        assertSame(Jenkins.get().getComputer(""), context.get(Computer.class));
        context.onSuccess(null);
        build.end();
    }

    @Test
    public void anInterruptionStopsWhatRuns() throws Exception {
        Builds.Build build = builds.start("node { try { hold() } finally { echo 'cleaning up' } }", Map.of());
        held();
        build.run().interrupt(new CauseOfInterruption.UserInterruption("somebody"));
        assertEquals(Result.ABORTED, build.end());
        assertEquals(List.of("Aborted by somebody", "cleaning up"), build.said());
    }

    @Test
    public void anInterruptionBeforeTheFirstStepCountsToo() throws Exception {
        EmbeddedRun run = EmbeddedRun.create(
                builds.write("test.Jenkinsfile", "echo 'never'"), Map.of(), null, OutputStream.nullOutputStream());
        run.interrupt(new CauseOfInterruption.UserInterruption("somebody"));
        assertEquals(Result.ABORTED, run.execute());
        assertFalse(Files.readString(run.getLogFile().toPath()).contains("never"));
    }

    @Test
    public void anInterruptionStopsEveryBranch() throws Exception {
        Builds.Build build = builds.start("parallel a: { hold() }, b: { stage('s') { hold() } }", Map.of());
        held();
        held();
        build.run().interrupt(new CauseOfInterruption.UserInterruption("somebody"));
        assertEquals(Result.ABORTED, build.end());
    }

    @Test
    public void retryDoesNotRepeatWhatWasInterrupted() throws Exception {
        Builds.Build build = builds.start("retry(3) { hold() }", Map.of());
        held();
        build.run().interrupt(new CauseOfInterruption.UserInterruption("somebody"));
        assertEquals(Result.ABORTED, build.end());
    }

    @Test
    public void anInterruptionThatOnlyCarriesAResultSetsIt() throws Exception {
        Builds.Build build = builds.start("hold()", Map.of());
        held().onFailure(new FlowInterruptedException(Result.UNSTABLE, false));
        assertEquals(Result.UNSTABLE, build.end());
    }

    @Test
    public void failuresOfOtherKindsHaveAStackTrace() throws Exception {
        Builds.Build build = builds.start("hold()", Map.of());
        held().onFailure(new CancellationException("odd"));
        assertEquals(Result.FAILURE, build.end());
        assertTrue(build.all(), build.all().contains("java.util.concurrent.CancellationException: odd\n\tat "));
    }

    @Test
    public void callbacksThatFailEndTheirStep() {
        Builds.Build build = builds.run("defectiveBlock { echo 'in' }");
        assertEquals(Result.FAILURE, build.end());
        assertTrue(build.all(), build.said().contains("java.lang.IllegalStateException: callback"));
    }

    @Test
    public void listenersHearOfTheOneNode() {
        assertEquals(1, ComputerListener.all().stream().filter(RecordingListener.class::isInstance).count());
        assertEquals("", RecordingListener.online.getName());
        assertTrue(RecordingListener.online.isOnline());
    }
}
