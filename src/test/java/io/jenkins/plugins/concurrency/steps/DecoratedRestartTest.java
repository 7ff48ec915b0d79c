package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;

import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.TestExtension;

/** A pool that goes through a decorated launcher, across a restart of the controller. */
public class DecoratedRestartTest {

    @Rule
    public final PipelineSessionRule sessions = new PipelineSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Starts everything on the agent by another program. */
    @TestExtension
    public static final class Wrapper extends LauncherDecorator {

        /** Opens when a thread waits here for ever, as if the controller had been killed; {@code null} for never. */
        static volatile CountDownLatch killed;

        @Override
        public Launcher decorate(Launcher launcher, Node node) {
            CountDownLatch here = killed;
            if (here != null && CpsThread.current() == null && Executor.currentExecutor() == null) {
                here.countDown();
                new Semaphore(0).acquireUninterruptibly();
            }
            return node.getNodeName().isEmpty() ? launcher : launcher.decorateByPrefix("env", "WRAPPED=yes");
        }
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    /** Four tasks, one after the other; the second does not end while there is no file {@code go}. */
    private String script(int retries) {
        return "node('remote') {\n def r = cpuPool inputs: ['one', 'two', 'three', 'four'], workers: 1, retryDelay: 0,"
                + " onFailure: 'ignore', retries: " + retries + ", command: 'echo {} $WRAPPED >> " + file("begun")
                + "; test {} != two || while ! test -e " + file("go") + "; do sleep 0.1; done; echo {} >> " + file("done")
                + "'\n echo \"ended ${r.succeeded} ${r.collect { it.attempts }} ${r.collect { it.error?.type }}\"\n}";
    }

    private void acrossARestart(int retries, String expected) throws Throwable {
        sessions.then(jenkins -> {
            jenkins.agent("remote");
            jenkins.start("job", script(retries));
            Await.lines(file("begun"), 2);
        });
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.build("job");
            if (retries > 0) {
                Await.lines(file("begun"), 3);
                assertEquals("the first attempt was ended", 1, shells(run));
                Files.createFile(file("go"));
            }
            jenkins.assertEnd(Result.SUCCESS, run);
            jenkins.assertLogContains(expected, run);
            assertEquals(List.of(), PoolEnvironment.runCookie(BuildRecord.of(run).awaitRunId()).processes());
            jenkins.stopAgent("remote");
        });
    }

    private static long shells(WorkflowRun run) throws Exception {
        return PoolEnvironment.branchCookie(BuildRecord.of(run).awaitRunId(), 1).processes().stream()
                .filter(process -> process.info().command().orElse("").contains("sh"))
                .count();
    }

    @Test
    public void whatWasUnderWayIsLostWithoutRetriesAndTheRestIsDone() throws Throwable {
        acrossARestart(0, "ended 3 [1, 1, 1, 1] [null, lost, null, null]");
        assertEquals(List.of("one", "three", "four"), Files.readAllLines(file("done")));
        assertEquals(
                List.of("one yes", "two yes", "three yes", "four yes"), Files.readAllLines(file("begun")));
    }

    @Test
    public void aPoolThatHadNotBegunIsDoneThroughTheLauncherToo() throws Throwable {
        Files.createFile(file("go"));
        CountDownLatch killed = new CountDownLatch(1);
        sessions.then(jenkins -> {
            jenkins.agent("remote");
            Wrapper.killed = killed;
            jenkins.start("job", script(0));
            killed.await();
        });
        Wrapper.killed = null;
        sessions.then(jenkins -> {
            jenkins.assertLogContains(
                    "ended 4 [1, 1, 1, 1] [null, null, null, null]", jenkins.assertEnd(Result.SUCCESS, jenkins.build("job")));
            jenkins.stopAgent("remote");
        });
        assertEquals(
                List.of("one yes", "two yes", "three yes", "four yes"), Files.readAllLines(file("begun")));
    }

    @Test
    public void whatWasUnderWayIsDoneAgainIfRetriesAllowIt() throws Throwable {
        acrossARestart(1, "ended 4 [1, 2, 1, 1] [null, null, null, null]");
        assertEquals(List.of("one", "two", "three", "four"), Files.readAllLines(file("done")));
    }

    @Test
    public void theOutputOfAFunctionIsNotThatOfAnAttemptBefore() throws Throwable {
        sessions.then(jenkins -> {
            jenkins.agent("remote");
            jenkins.start("job", "node('remote') { cpuPool inputs: ['one'], retries: 1, retryDelay: 0, keepOutput: true,\n"
                    + " groovy: '''def begun = new File('" + file("begun") + "')\n"
                    + "if (begun.exists()) return\n"
                    + "println 'of a process that a restart ends'\nbegun.text = 'begun'\nwhile (true) sleep 1000''' }");
            Await.file(file("begun"));
        });
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            assertEquals(List.of(), run.getArtifacts());
            jenkins.stopAgent("remote");
        });
    }
}
