package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import hudson.remoting.Channel;
import hudson.remoting.Command;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Steps of several builds on an agent in its own process. */
public class SharedSupervisorStepsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final InboundAgentRule agents = new InboundAgentRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Before
    public void startAgent() throws Exception {
        agents.createAgent(
                jenkins, InboundAgentRule.Options.newBuilder().name("remote").label("unit").build());
    }

    /** What names the shared supervisor in an agent's folder. */
    private List<Path> registrations(String node) throws Exception {
        Path root = Path.of(jenkins.jenkins.getNode(node).getRootPath().getRemote());
        Path cache = root.resolve("caches").resolve("concurrency-steps");
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.getFileName().toString().startsWith("supervisor-"))
                    .toList();
        }
    }

    private Set<Long> supervisorsOfStep(String node) throws Exception {
        WorkflowRun build = start("node('" + node + "') { cpuPool tasks: ['true'] }");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        return supervisors(build);
    }

    @Test
    public void anAgentThatComesOnlineHasItBeforeTheFirstStep() throws Exception {
        supervisorsOfStep("remote");
        agents.createAgent(
                jenkins, InboundAgentRule.Options.newBuilder().name("other").label("another").build());
        agents.createAgent(
                jenkins, InboundAgentRule.Options.newBuilder().name("fresh").label("unit").build());
        Await.until(() -> !registrations("fresh").isEmpty());
        assertEquals("nobody has used steps there", List.of(), registrations("other"));
        String registration = Files.readString(registrations("fresh").get(0));
        Set<Long> used = supervisorsOfStep("fresh");
        assertEquals(1, used.size());
        assertTrue(registration, registration.contains("\n" + used.iterator().next() + "\n"));
    }

    @Test
    public void anAgentThatWasRestartedFindsItAgain() throws Exception {
        Set<Long> before = supervisorsOfStep("remote");
        agents.stop(jenkins, "remote");
        agents.start(jenkins, "remote");
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
        WorkflowRun build = start("node('remote') { " + pause("before") + " cpuPool tasks: ['true']; " + pause("after") + " }");
        awaitPause("before");
        Path registry = jenkins.jenkins.getRootDir().toPath().resolve("concurrency-steps/runs");
        Await.until(() -> Await.list(registry).isEmpty()); // the step before has been tidied up
        Calls calls = new Calls();
        Channel channel = (Channel) jenkins.jenkins.getComputer("remote").getChannel();
        channel.addListener(calls);
        goOn("before");
        awaitPause("after");
        channel.removeListener(calls);
        goOn("after");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        List<String> own = calls.calls.stream().filter(call -> call.contains("jenkins.plugins.concurrency")).toList();
        List<String> begun = own.stream().filter(call -> !call.contains("RunRemoval")).toList();
        assertEquals(begun.toString(), 1, begun.size());
        assertTrue("and one to tidy up", own.size() <= 2);
    }

    private WorkflowRun start(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    /** The supervisors that a build has had until now. */
    private static Set<Long> supervisors(WorkflowRun build) throws Exception {
        Set<Long> found = new TreeSet<>();
        for (Path run : Await.runs(build)) {
            List<String> lines = Files.readAllLines(run.resolve("journal.ndjson"));
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
        Await.until(() -> Files.exists(folder.getRoot().toPath().resolve(where)));
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
        WorkflowRun build = start("node('remote') {\n"
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
        assertEquals("of two runs", 2, Await.runs(build).size());
        assertEquals(supervisors.toString(), 1, supervisors.size());
        long supervisor = supervisors.iterator().next();
        assertTrue("it waits for another", isRunning(supervisor));
        String variables = Files.readString(Path.of("/proc", Long.toString(supervisor), "environ"));
        assertFalse(variables, variables.contains("BUILD_") || variables.contains("COOKIE") || variables.contains("JENKINS_"));
        goOn("after");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
    }

    @Test
    public void buildsAtTheSameTimeHaveOneSupervisorAndEachItsOwnEnvironment() throws Exception {
        ((Slave) jenkins.jenkins.getNode("remote")).setNumExecutors(2);
        jenkins.jenkins.setNodes(jenkins.jenkins.getNodes());
        String waits = folder.getRoot() + "/";
        String step = "cpuPool(tasks: ['touch " + waits + "$JOB_NAME; until test -e " + waits + "go; do sleep 0.1; done;"
                + " echo of $JOB_NAME'])";
        WorkflowRun first = start("node('remote') { parallel a: { echo \"is ${" + step + "[0].value}\" },"
                + " b: { " + step + " } }");
        awaitPause(first.getParent().getName());
        WorkflowRun second = start("node('remote') { echo \"is ${" + step + "[0].value}\" }");
        awaitPause(second.getParent().getName());
        Await.until(() -> Await.runs(first).size() == 2);
        create("go");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(first));
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(second));
        jenkins.assertLogContains("is of " + first.getParent().getName(), first);
        jenkins.assertLogContains("is of " + second.getParent().getName(), second);
        Set<Long> all = supervisors(first);
        all.addAll(supervisors(second));
        assertEquals(all.toString(), 1, all.size());
    }

    @Test
    public void aStepWhoseSupervisorWasKilledWhileItWaitedHasAnother() throws Exception {
        WorkflowRun build = start("node('remote') {\n"
                + " cpuPool tasks: ['true']\n"
                + pause("between")
                + " echo \"is ${cpuPool(tasks: ['echo fine'])[0].value}\"\n"
                + "}");
        awaitPause("between");
        long first = supervisors(build).iterator().next();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        Await.until(() -> !isRunning(first));
        goOn("between");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("is fine", build);
        Set<Long> both = supervisors(build);
        both.remove(first);
        assertNotEquals(Set.of(), both);
    }
}
