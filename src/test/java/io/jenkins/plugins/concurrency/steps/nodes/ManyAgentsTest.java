package io.jenkins.plugins.concurrency.steps.nodes;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Queue;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.BuildWatcher;
import org.jvnet.hudson.test.InboundAgentRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Pools on several agents, each a process of its own. */
public class ManyAgentsTest {

    @ClassRule
    public static final BuildWatcher BUILD_WATCHER = new BuildWatcher();

    @Rule(order = 0)
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule(order = 1)
    public final InboundAgentRule agents = new InboundAgentRule();

    @Rule(order = 2)
    public final JenkinsRule jenkins = new JenkinsRule();

    @Before
    public void giveTime() {
        jenkins.timeout = 0;
        ConcurrencyConfiguration.get().setAgentTimeout(3);
    }

    @After
    public void nothingIsHeld() throws Exception {
        Looks.until("free executors", () -> busy().isEmpty());
        assertEquals(0, Queue.getInstance().getItems().length);
    }

    private void agent(String name) throws Exception {
        agents.createAgent(
                jenkins,
                InboundAgentRule.Options.newBuilder().name(name).label("pool").webSocket().build());
    }

    /** What executors are busy with. */
    private List<String> busy() {
        List<String> busy = new ArrayList<>();
        for (Computer computer : jenkins.jenkins.getComputers()) {
            for (Executor executor : computer.getAllExecutors()) {
                if (executor.getCurrentExecutable() != null && executor.isActive()) {
                    busy.add(computer.getName() + ": " + executor.getCurrentExecutable());
                }
            }
        }
        return busy;
    }

    private WorkflowRun start(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    /** The branches in the build's journal, in the order of their ends. */
    private static List<JsonObject> branches(WorkflowRun build) throws Exception {
        List<JsonObject> branches = new ArrayList<>();
        Path runs = build.getRootDir().toPath().resolve("concurrency");
        try (Stream<Path> directories = Files.list(runs)) {
            for (Path run : directories.toList()) {
                Path journal = run.resolve("journal.ndjson");
                for (String line : Files.exists(journal) ? Files.readAllLines(journal) : List.<String>of()) {
                    JsonObject entry = JsonObject.parse(line);
                    if (entry.has("index")) {
                        branches.add(entry);
                    }
                }
            }
        }
        return branches;
    }

    private static void assertEachOnce(int total, WorkflowRun build) throws Exception {
        List<Integer> indexes = new ArrayList<>();
        for (JsonObject branch : branches(build)) {
            indexes.add(branch.integer("index"));
        }
        assertEquals(
                IntStream.range(0, total).boxed().toList(),
                indexes.stream().sorted().toList());
    }

    private static Map<String, Integer> byNode(WorkflowRun build) throws Exception {
        Map<String, Integer> counts = new HashMap<>();
        for (JsonObject branch : branches(build)) {
            counts.merge(branch.object("details").string("node"), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    public void workIsSharedOutWithoutANodeStep() throws Exception {
        agent("one");
        agent("two");
        WorkflowRun build = start("def r = cpuPool label: 'pool', nodes: 8, workers: 2, inputs: 1..60, "
                + "command: 'sleep 0.2; echo $NODE_NAME {} $MARK'\n"
                + "echo \"ended ${r.succeeded} of ${r.size()}, attempts ${r.collect { it.attempts }.toSet()}\"\n"
                + "echo \"on ${r.collect { it.node }.toSet().sort()}; said ${r[59].value.endsWith('60')}\"");
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(build));
        jenkins.assertLogContains("ended 60 of 60, attempts [1]", build);
        jenkins.assertLogContains("on [one, two]; said true", build);
        assertEachOnce(60, build);
        byNode(build).forEach((node, count) -> assertTrue(node + " did " + count, count > 15));
    }
}
