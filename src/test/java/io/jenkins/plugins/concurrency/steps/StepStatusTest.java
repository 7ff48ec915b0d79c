package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.util.Comparator;
import java.util.List;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.cps.nodes.StepEndNode;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** What became of a step is at its node, where stage view and Pipeline graph look for it: a warning or an error, one line. */
public class StepStatusTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private static final List<Call> CALLS = List.of(
            new Call("parallelFetch", "urls: [bad: 'ftp://example.org/', worse: 'no url']", "invalid"),
            new Call("cpuPool", "tasks: [bad: 'exit 3', good: 'true']", "exit code 3"),
            new Call("ioPool", "tasks: [bad: 'exit 3', good: 'true']", "exit code 3"),
            new Call("gather", "branches: [bad: { error 'boom' }, good: { }]", "boom"));

    /**
     * A call with a branch that fails.
     *
     * @param reason a word of what happened
     */
    private record Call(String step, String arguments, String reason) {

        WorkflowRun run(Result expected, String more) throws Exception {
            String call = step + "(" + arguments + ", name: 'mine'" + more + ")";
            return jenkins.run(expected, "node { stage('work') { " + call + " } }");
        }
    }

    /** The node of the step itself: the bodies of gather have such nodes too, but later ones. */
    private static FlowNode node(WorkflowRun build, String step) {
        return new DepthFirstScanner()
                .allNodes(build.getExecution()).stream()
                        .filter(node -> node instanceof StepNode named
                                && named.getDescriptor() != null
                                && named.getDescriptor().getFunctionName().equals(step)
                                && !(node instanceof StepEndNode))
                        .min(Comparator.comparingInt(node -> Integer.parseInt(node.getId())))
                        .orElseThrow();
    }

    /** The error of a step; one with blocks has it at its end. */
    private static ErrorAction error(WorkflowRun build, String step) {
        FlowNode start = node(build, step);
        FlowNode last = start instanceof BlockStartNode block
                ? new DepthFirstScanner().findFirstMatch(
                        build.getExecution(), node -> node instanceof BlockEndNode<?> end && end.getStartNode().equals(block))
                : start;
        ErrorAction error = last.getPersistentAction(ErrorAction.class);
        assertNotNull(step, error);
        return error;
    }

    private static void assertOneLine(String message, Call call) {
        assertNotNull(call.step, message);
        assertTrue(message, message.startsWith("mine: "));
        assertFalse(message, message.contains("\n"));
    }

    @Test
    public void failedBranchesAreAWarningOfTheirStep() throws Exception {
        for (Call call : CALLS) {
            WorkflowRun build = call.run(Result.UNSTABLE, "");
            WarningAction warning = node(build, call.step).getPersistentAction(WarningAction.class);
            assertNotNull(call.step, warning);
            assertEquals(Result.UNSTABLE, warning.getResult());
            assertOneLine(warning.getMessage(), call);
            assertTrue(warning.getMessage(), warning.getMessage().contains(" failed"));
        }
    }

    @Test
    public void aStepThatIsToFailIsAnErrorThatNamesTheBranches() throws Exception {
        for (Call call : CALLS) {
            WorkflowRun build = call.run(Result.FAILURE, ", onFailure: 'fail'");
            ErrorAction error = error(build, call.step);
            assertOneLine(error.getError().getMessage(), call);
            assertTrue(error.getError().getMessage(), error.getError().getMessage().contains("bad"));
            assertTrue(error.getError().getMessage(), error.getError().getMessage().contains(call.reason));
        }
    }

    @Test
    public void wrongArgumentsAreAnErrorOfTheirStep() throws Exception {
        for (Call call : CALLS) {
            WorkflowRun build = call.run(Result.FAILURE, ", retries: -1");
            String message = error(build, call.step).getError().getMessage();
            assertEquals(call.step + ": retries: -1 is given; allowed is 0 or more", message);
        }
    }

    @Test
    public void ignoredFailuresLeaveNoMark() throws Exception {
        for (Call call : CALLS) {
            WorkflowRun build = call.run(Result.SUCCESS, ", onFailure: 'ignore'");
            FlowNode node = node(build, call.step);
            assertNull(call.step, node.getPersistentAction(WarningAction.class));
            assertNull(call.step, node.getPersistentAction(ErrorAction.class));
        }
    }
}
