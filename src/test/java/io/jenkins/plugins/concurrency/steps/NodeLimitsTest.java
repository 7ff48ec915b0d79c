package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.concurrency.agent.NodeAllowance;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.NodeLimitsProperty;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;

/** What an administrator gives to all steps of a node together. */
public class NodeLimitsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private Slave agent;

    @Before
    public void startAgent() throws Exception {
        jenkins.agent("remote");
        agent = PipelineRule.widen(jenkins, "remote", 3);
    }

    private void give(Integer processes, Integer memory) throws Exception {
        NodeLimitsProperty property = new NodeLimitsProperty();
        property.setProcesses(processes);
        property.setMemory(memory);
        agent.getNodeProperties().replaceBy(List.of(property));
    }

    private WorkflowRun start(String script) throws Exception {
        return jenkins.start("node('remote') { " + script + " }");
    }

    /** A step of two branches that wait for the file {@code go}. */
    private String step(String name) {
        Path here = folder.getRoot().toPath();
        String command = "touch " + here + "/" + name + "; until test -e " + here + "/go; do sleep 0.1; done";
        return "cpuPool tasks: ['" + command + "', 'true'], workers: 1";
    }

    private boolean isThere(String name) {
        return Files.exists(folder.getRoot().toPath().resolve(name));
    }

    @Test
    public void stepsOfTwoBuildsWaitForTheirTurn() throws Exception {
        ConcurrencyConfiguration.get().setAgentProcesses(5);
        give(1, null);
        WorkflowRun first = start(step("first"));
        Await.until("the first step", () -> isThere("first"));
        WorkflowRun second = start(step("second"));
        jenkins.waitForMessage("waits for its turn", second);
        assertTrue("its turn has not come", !isThere("second"));
        Files.createFile(folder.getRoot().toPath().resolve("go"));
        jenkins.assertEnd(Result.SUCCESS, first);
        jenkins.assertEnd(Result.SUCCESS, second);
        List<String> told = second.getLog(1_000).stream().filter(line -> line.contains("turn")).toList();
        assertEquals(
                List.of("this step waits for its turn: other steps use all that this node's limits allow (processes: 1)"),
                told);
    }

    @Test
    public void whatNeverFitsFailsBeforeItStarts() throws Exception {
        ConcurrencyConfiguration.get().setAgentMemory(1_000);
        WorkflowRun tooLarge = start("cpuPool inputs: [1], groovy: 'input', memory: 2000");
        jenkins.assertEnd(Result.FAILURE, tooLarge);
        jenkins.assertLogContains(
                "'memory' is 2000 MiB for each process, but agent 'remote' allows all steps together 1000 MiB of memory,"
                        + " 744 MiB without the supervisor's heap",
                tooLarge);
        give(null, 100);
        WorkflowRun noRoom = start("cpuPool tasks: ['touch " + folder.getRoot() + "/began']");
        jenkins.assertEnd(Result.FAILURE, noRoom);
        jenkins.assertLogContains(
                "agent 'remote' allows all steps together 100 MiB of memory, and the supervisor's heap alone is 256 MiB",
                noRoom);
        assertTrue("nothing has begun", !isThere("began"));
        give(null, 0);
        WorkflowRun open = start("echo \"heap ${cpuPool(inputs: [1], groovy: 'Runtime.runtime.maxMemory() > (200L << 20)', memory: 256)[0].value}\"");
        jenkins.assertEnd(Result.SUCCESS, open);
    }

    @Test
    public void heapsOfWorkersAreWhatTheNodeHasForThem() throws Exception {
        give(null, 256 + 128);
        WorkflowRun build = start("echo \"heap ${cpuPool(inputs: [1], groovy: '(int) (Runtime.runtime.maxMemory() >> 20)', workers: 2)[0].value}\"");
        jenkins.assertEnd(Result.SUCCESS, build);
        String line = build.getLog(1_000).stream().filter(text -> text.startsWith("heap ")).findFirst().orElseThrow();
        int heap = Integer.parseInt(line.substring("heap ".length()));
        assertTrue("half of what is left, without what the collector keeps: " + heap, heap > 48 && heap <= 64);
    }

    @Test
    public void aNodeHasItsOwnLimitsOrThoseOfAll() throws Exception {
        ConcurrencyConfiguration.get().setAgentProcesses(5);
        ConcurrencyConfiguration.get().setAgentMemory(2_000);
        assertEquals(new NodeAllowance("remote", 5, 2_000, 256), NodeAllowance.of("remote"));
        give(7, null);
        assertEquals(new NodeAllowance("remote", 7, 2_000, 256), NodeAllowance.of("remote"));
        give(0, 0);
        assertEquals(new NodeAllowance("remote", 0, 0, 256), NodeAllowance.of("remote"));
        assertEquals(new NodeAllowance("", 5, 2_000, 256), NodeAllowance.of(""));
    }

    @Test
    public void aNodesFormThatIsSavedAsItIsChangesNothing() throws Exception {
        give(7, null);
        jenkins.configRoundtrip(agent);
        NodeLimitsProperty property = jenkins.jenkins.getNode("remote").getNodeProperty(NodeLimitsProperty.class);
        assertEquals(Integer.valueOf(7), property.getProcesses());
        assertNull(property.getMemory());
    }
}
