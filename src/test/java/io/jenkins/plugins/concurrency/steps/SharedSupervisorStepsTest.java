package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.remoting.Channel;
import hudson.remoting.Command;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;

/** Steps of several builds on an agent in its own process. */
public class SharedSupervisorStepsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Before
    public void startAgent() throws Exception {
        jenkins.agent("remote", "unit");
    }

    /** What names the shared supervisor in an agent's folder. */
    private List<Path> registrations(String node) throws Exception {
        Path root = Path.of(jenkins.jenkins.getNode(node).getRootPath().getRemote());
        Path cache = root.resolve("caches").resolve("concurrency-steps");
        return BuildRecord.list(cache).stream()
                .filter(file -> file.getFileName().toString().startsWith("supervisor-"))
                .toList();
    }

    private Set<Long> supervisorsOfStep(String node) throws Exception {
        WorkflowRun build = jenkins.start("node('" + node + "') { cpuPool tasks: ['true'] }");
        jenkins.assertEnd(Result.SUCCESS, build);
        return supervisors(build);
    }

    @Test
    public void anAgentThatComesOnlineHasItBeforeTheFirstStep() throws Exception {
        supervisorsOfStep("remote");
        jenkins.agent("other", "another");
        jenkins.agent("fresh", "unit");
        Await.until(
                "its supervisor",
                () -> registrations("fresh").stream().anyMatch(file -> file.toFile().length() > 0));
        assertEquals("nobody has used steps there", List.of(), registrations("other"));
        String registration = Files.readString(registrations("fresh").get(0));
        Set<Long> used = supervisorsOfStep("fresh");
        assertEquals(1, used.size());
        assertTrue(registration, registration.contains("\n" + used.iterator().next() + "\n"));
    }

    @Test
    public void anAgentThatWasRestartedFindsItAgain() throws Exception {
        Set<Long> before = supervisorsOfStep("remote");
        jenkins.stopAgent("remote");
        jenkins.startAgent("remote");
        assertEquals(before, supervisorsOfStep("remote"));
    }

    /** What the controller asks of agents. */
    private static final class Calls extends Channel.Listener {

        private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onWrite(Channel channel, Command command, long bytes) {
            if (command.toString().startsWith("UserRequest:")) {
                calls.add(command.toString());
            }
        }
    }

    @Test
    public void aRunIsBegunInOneCall() throws Exception {
        supervisorsOfStep("remote"); // the jars are there, and a supervisor
        WorkflowRun build = jenkins.start("node('remote') { " + pause("before") + " cpuPool tasks: ['true']; " + pause("after") + " }");
        awaitPause("before");
        Await.until("the end of all runs", () -> jenkins.registeredRuns().isEmpty()); // the step before has been tidied up
        Calls calls = new Calls();
        Channel channel = (Channel) jenkins.jenkins.getComputer("remote").getChannel();
        channel.addListener(calls);
        goOn("before");
        awaitPause("after");
        channel.removeListener(calls);
        goOn("after");
        jenkins.assertEnd(Result.SUCCESS, build);
        List<String> own = calls.calls.stream().filter(call -> call.contains("jenkins.plugins.concurrency")).toList();
        List<String> begun = own.stream().filter(call -> !call.contains("RunRemoval")).toList();
        assertEquals(begun.toString(), 1, begun.size());
        assertTrue("and one to tidy up", own.size() <= 2);
    }

    /** The supervisors that a build has had until now. */
    private static Set<Long> supervisors(WorkflowRun build) throws Exception {
        Set<Long> found = new TreeSet<>();
        for (RunFiles run : BuildRecord.of(build).runs()) {
            List<String> lines = Files.readAllLines(run.journal());
            JournalEntry first = JournalEntry.fromJson(JsonObject.parse(lines.get(0)));
            found.add(((JournalEntry.Started) first).pid());
        }
        return found;
    }

    /** A line of a script that waits there for {@link #goOn}. */
    private String pause(String where) {
        Path here = folder.getRoot().toPath().resolve(where);
        return " sh 'touch " + here + "; until test -e " + here + ".go; do sleep 0.1; done'\n";
    }

    private void awaitPause(String where) throws Exception {
        Await.file(folder.getRoot().toPath().resolve(where));
    }

    private void goOn(String where) throws Exception {
        create(where + ".go");
    }

    private void create(String name) throws Exception {
        Files.createFile(folder.getRoot().toPath().resolve(name));
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid).filter(ProcessSearch::isRunning).isPresent();
    }

    @Test
    public void theNextStepHasTheSameSupervisorWhichHasNothingOfABuild() throws Exception {
        WorkflowRun build = jenkins.start("node('remote') {\n"
                + " stage('one') { cpuPool tasks: [stage: 'echo $STAGE_NAME'] }\n"
                + pause("between")
                + " stage('two') { withEnv(['EXTRA=more']) { echo \"is ${cpuPool(tasks: [stage: 'echo $STAGE_NAME $EXTRA'])[0].value}\" } }\n"
                + pause("after")
                + "}");
        awaitPause("between");
        goOn("between");
        awaitPause("after");
        jenkins.assertLogContains("is two more", build);
        Set<Long> supervisors = supervisors(build);
        assertEquals("of two runs", 2, BuildRecord.of(build).runs().size());
        assertEquals(supervisors.toString(), 1, supervisors.size());
        long supervisor = supervisors.iterator().next();
        assertTrue("it waits for another", isRunning(supervisor));
        String variables = Files.readString(Path.of("/proc", Long.toString(supervisor), "environ"));
        assertFalse(variables, variables.contains("BUILD_") || variables.contains("COOKIE") || variables.contains("JENKINS_"));
        goOn("after");
        jenkins.assertEnd(Result.SUCCESS, build);
    }

    @Test
    public void buildsAtTheSameTimeHaveOneSupervisorAndEachItsOwnEnvironment() throws Exception {
        PipelineRule.widen(jenkins, "remote", 2);
        String waits = folder.getRoot() + "/";
        String step = "cpuPool(tasks: ['touch " + waits + "$JOB_NAME; until test -e " + waits + "go; do sleep 0.1; done;"
                + " echo of $JOB_NAME'])";
        WorkflowRun first = jenkins.start("node('remote') { parallel a: { echo \"is ${" + step + "[0].value}\" },"
                + " b: { " + step + " } }");
        awaitPause(first.getParent().getName());
        WorkflowRun second = jenkins.start("node('remote') { echo \"is ${" + step + "[0].value}\" }");
        awaitPause(second.getParent().getName());
        Await.until("both steps", () -> BuildRecord.of(first).runs().size() == 2);
        create("go");
        jenkins.assertEnd(Result.SUCCESS, first);
        jenkins.assertEnd(Result.SUCCESS, second);
        jenkins.assertLogContains("is of " + first.getParent().getName(), first);
        jenkins.assertLogContains("is of " + second.getParent().getName(), second);
        Set<Long> all = supervisors(first);
        all.addAll(supervisors(second));
        assertEquals(all.toString(), 1, all.size());
    }

    @Test
    public void aStepWhoseSupervisorWasKilledWhileItWaitedHasAnother() throws Exception {
        WorkflowRun build = jenkins.start("node('remote') {\n"
                + " cpuPool tasks: ['true']\n"
                + pause("between")
                + " echo \"is ${cpuPool(tasks: ['echo fine'])[0].value}\"\n"
                + "}");
        awaitPause("between");
        long first = supervisors(build).iterator().next();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        Await.until("its end", () -> !isRunning(first));
        goOn("between");
        jenkins.assertEnd(Result.SUCCESS, build);
        jenkins.assertLogContains("is fine", build);
        Set<Long> both = supervisors(build);
        both.remove(first);
        assertNotEquals(Set.of(), both);
    }
}
