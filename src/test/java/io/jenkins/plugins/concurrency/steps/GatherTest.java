package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.engine.run.RunDescription;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.steps.gather.GatherStep;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.cps.nodes.StepStartNode;
import org.jenkinsci.plugins.workflow.cps.steps.ParallelStep;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;

/** {@code gather} in sandboxed Pipelines of a real Jenkins. */
public class GatherTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    private static List<FlowNode> nodes(WorkflowRun run) {
        return new DepthFirstScanner().allNodes(run.getExecution());
    }

    /** The beginning of a branch's only attempt. */
    private static StepStartNode branch(WorkflowRun run, String name) {
        List<StepStartNode> found = new ArrayList<>();
        for (FlowNode node : nodes(run)) {
            ThreadNameAction thread = node.getPersistentAction(ThreadNameAction.class);
            if (thread != null && thread.getThreadName().equals(name)) {
                found.add((StepStartNode) node);
            }
        }
        assertEquals(name, 1, found.size());
        return found.get(0);
    }

    private static BlockEndNode<?> end(WorkflowRun run, StepStartNode start) {
        return (BlockEndNode<?>) nodes(run).stream()
                .filter(node -> node instanceof BlockEndNode<?> end && end.getStartNode().equals(start))
                .findFirst()
                .orElseThrow();
    }

    @Test
    public void soManyBranchesAreLiveAndTheOthersHaveNoPlaceInTheGraph() throws Exception {
        WorkflowRun run = jenkins.start("stage('s') { gather branches: [a: { hold 'a' }, b: { hold 'b' }, c: { hold 'c' },"
                + " d: { hold 'd' }], concurrency: 2 }");
        HoldStep.await("a", "b");
        assertEquals("the step's own head and one for each live branch", 3, heads(run));
        HoldStep.release("b");
        HoldStep.await("a", "c");
        assertEquals(3, heads(run));
        HoldStep.release("c");
        HoldStep.await("a", "d");
        HoldStep.release("a");
        HoldStep.await("d");
        HoldStep.release("d");
        jenkins.assertEnd(Result.SUCCESS, run);
        jenkins.assertLogContains("gather: 4 branches in", run);
    }

    private static int heads(WorkflowRun run) {
        return run.getExecution().getCurrentHeads().size();
    }

    @Test
    public void pagesOfTheBuildKnowTheStep() throws Exception {
        WorkflowRun run = jenkins.run(Result.SUCCESS, "stage('s') { gather branches: [a: { }, b: { }, c: { }], concurrency: 2 }");
        RunDescription about = BuildRecord.of(run).awaitRun().readDescription();
        assertEquals("gather", about.step());
        assertEquals(3, about.total());
        assertEquals(2, about.slots());
    }

    @Test
    public void withoutALimitAllAreLiveAtOnce() throws Exception {
        WorkflowRun run = jenkins.start("def r = gather([a: { hold 'a'; 1 }, b: { hold 'b'; 2 }, c: { hold 'c'; 3 }])\n"
                + "echo \"all ${r.values()} ${r.allSucceeded}\"");
        HoldStep.await("a", "b", "c");
        HoldStep.release("c", "a", "b");
        jenkins.assertLogContains("all [1, 2, 3] true", jenkins.assertEnd(Result.SUCCESS, run));
    }

    @Test
    public void branchesAreBranchesOfParallelForWhoeverLooksAtTheGraph() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "stage('s') { gather branches: [good: { echo 'in good' }, bad: { error 'oh' }, last: { }],"
                        + " concurrency: 2, onFailure: 'ignore' }");
        for (String name : List.of("good", "bad", "last")) {
            StepStartNode start = branch(run, name);
            assertSame(ParallelStep.DescriptorImpl.class, start.getDescriptor().getClass());
            assertTrue(start.isBody());
            assertEquals("Branch: " + name, start.getDisplayName());
        }
        ErrorAction error = end(run, branch(run, "bad")).getPersistentAction(ErrorAction.class);
        assertEquals("oh", error.getError().getMessage());
        assertEquals(null, end(run, branch(run, "good")).getPersistentAction(ErrorAction.class));
        FlowNode echo = nodes(run).stream()
                .filter(node -> node.getDisplayFunctionName().equals("echo"))
                .findFirst()
                .orElseThrow();
        assertTrue(echo.getAllEnclosingIds().contains(branch(run, "good").getId()));
    }

    @Test
    public void outsideAStageItOpensOneOfItsName() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "gather name: 'outer', branches: [a: { gather name: 'inner', b: { echo \"in ${env.STAGE_NAME}\" } }]\n"
                        + "stage('own') { gather c: { echo \"in ${env.STAGE_NAME}\" } }");
        jenkins.assertLogContains("{ (outer)", run);
        jenkins.assertLogContains("{ (inner)", run);
        jenkins.assertLogContains("in inner", run);
        jenkins.assertLogContains("in own", run);
        jenkins.assertLogNotContains("{ (gather)", run);
    }

    @Test
    public void valuesAndErrorsAreCollected() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.UNSTABLE,
                "def r = gather branches: [num: { 41 + 1 }, text: { \"a${1}\" }, list: { [1, null, [k: true]] },"
                        + " none: { }, bad: { error 'went wrong' }], concurrency: 2\n"
                        + "echo \"counts ${r.succeeded} ${r.failed} ${r.cancelled} ${r.size()} ${r.allSucceeded}\"\n"
                        + "echo \"values ${r.values()}\"\n"
                        + "echo \"names ${r.collect { it.name }}\"\n"
                        + "echo \"bad ${r['bad'].error.type}: ${r['bad'].error.message} ${r['bad'].value} ${r['bad'].ok}\"\n"
                        + "for (b in r.failures) { echo \"failed: ${b.name} after ${b.attempts}\" }");
        jenkins.assertLogContains("counts 4 1 0 5 false", run);
        jenkins.assertLogContains("values [42, a1, [1, null, [k:true]], null, null]", run);
        jenkins.assertLogContains("names [num, text, list, none, bad]", run);
        jenkins.assertLogContains("bad error: went wrong null false", run);
        jenkins.assertLogContains("failed: bad after 1", run);
        jenkins.assertLogContains("gather: 5 branches in", run);
        jenkins.assertLogContains("4 succeeded, 1 failed", run);
        jenkins.assertLogContains("  bad failed (error): went wrong", run);
    }

    @Test
    public void serializableValuesAreKeptAsTheyAreAndOthersAsText() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "class Point implements Serializable { int x; int y }\n"
                        + "def r = gather branches: [date: { new Date(5) }, keys: { [(1): 'one'] },"
                        + " nested: { gather x: { 7 } }, point: { new Point(x: 3, y: 4) }, matcher: { 'a' =~ /a/ }]\n"
                        + "echo \"date ${r['date'].value.time} keys ${r['keys'].value[1]}\"\n"
                        + "echo \"nested ${r['nested'].value['x'].value} point ${r['point'].value.y}\"\n"
                        + "echo \"matcher ${r.values()[4].getClass() == String} ${r['matcher'].value}\"");
        jenkins.assertLogContains("date 5 keys one", run);
        jenkins.assertLogContains("nested 7 point 4", run);
        jenkins.assertLogContains("matcher true java.util.regex.Matcher[", run);
    }

    @Test
    public void onlyDefectsHaveAStackTraceInTheLog() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.UNSTABLE,
                "gather branches: [defect: { [:].nope.bar }, expected: { error 'on purpose' }], name: 'both'");
        jenkins.assertLogContains("both: defect failed:", run);
        jenkins.assertLogContains("\tat WorkflowScript.run(WorkflowScript:1)", run);
        jenkins.assertLogContains("  defect failed (error): java.lang.NullPointerException: ", run);
        jenkins.assertLogNotContains("both: expected failed:", run);
        jenkins.assertLogContains("  expected failed (error): on purpose", run);
    }

    @Test
    public void failFastInterruptsTheLiveAndNeverStartsTheOthers() throws Exception {
        WorkflowRun run = jenkins.start("def r = gather branches: [a: { hold 'a' }, b: { hold 'b'; error 'first' },"
                + " c: { echo 'c runs' }], concurrency: 2, failFast: true\n"
                + "echo \"outcomes ${r.collect { it.outcome }} ${r['a'].attempts} ${r['c'].attempts}\"\n"
                + "echo \"why ${r['a'].error} / ${r['c'].error}\"");
        HoldStep.await("a", "b");
        HoldStep.release("b");
        jenkins.assertEnd(Result.UNSTABLE, run);
        jenkins.assertLogContains("outcomes [cancelled, failed, cancelled] 1 0", run);
        jenkins.assertLogContains("why cancelled: failFast: 'b' failed / cancelled: failFast: 'b' failed", run);
        jenkins.assertLogNotContains("c runs", run);
    }

    @Test
    public void anAbortInterruptsTheLiveAndNeverStartsTheOthers() throws Exception {
        WorkflowRun run = jenkins.start("try { gather branches: [done: { 1 }, a: { hold 'a' }, b: { hold 'b' },"
                + " c: { echo 'c runs' }], concurrency: 2 } finally { echo 'left gather' }\necho 'went on'");
        HoldStep.await("a", "b");
        run.doStop();
        jenkins.assertEnd(Result.ABORTED, run);
        jenkins.assertLogContains("1 succeeded, 3 cancelled", run);
        jenkins.assertLogContains("left gather", run);
        jenkins.assertLogNotContains("c runs", run);
        jenkins.assertLogNotContains("went on", run);
    }

    @Test
    public void anEnclosingTimeoutDoesToo() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.ABORTED,
                "timeout(time: 3, unit: 'SECONDS') { gather branches: [a: { hold 'a' }, b: { echo 'b runs' }],"
                        + " concurrency: 1, retries: 5 }");
        jenkins.assertLogContains("0 succeeded, 2 cancelled", run);
        jenkins.assertLogNotContains("b runs", run);
    }

    @Test
    public void whatInterruptsOneBranchIsThatBranchesFailure() throws Exception {
        WorkflowRun run = jenkins.start("def r = gather branches: [slow: { timeout(time: 1, unit: 'SECONDS') { hold 'slow' } },"
                + " good: { hold 'good'; 'value' }, next: { 'next' }], concurrency: 2\n"
                + "echo \"after ${r.collect { it.outcome }} ${r['slow'].error.type} ${r['good'].value}\"");
        jenkins.waitForMessage("Failed in branch slow", run);
        HoldStep.await("good");
        HoldStep.release("good");
        jenkins.assertEnd(Result.UNSTABLE, run);
        jenkins.assertLogContains("after [failed, succeeded, succeeded] timeout value", run);
    }

    @Test
    public void anAttemptIsStoppedAtItsTimeLimitAndRepeated() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "def tries = 0\n"
                        + "def r = gather branches: [slow: { tries++; if (tries < 3) { hold 'slow' }; tries },"
                        + " never: { hold 'never' }, quick: { 0 }], timeout: 1, retries: 2, retryDelay: 0,"
                        + " onFailure: 'ignore'\n"
                        + "echo \"attempts ${r.collect { it.attempts }} ${r['slow'].value}\"\n"
                        + "echo \"never ${r['never'].error}\"");
        jenkins.assertLogContains("attempts [3, 3, 1] 3", run);
        jenkins.assertLogContains("never timeout: did not end within 1 s", run);
        jenkins.assertLogContains("never failed after 3 attempts (timeout)", run);
    }

    @Test
    public void pausesBetweenAttemptsHoldNoLaneThatAnotherBranchCouldUse() throws Exception {
        WorkflowRun run = jenkins.start("def tries = 0\n"
                + "def r = gather branches: [flaky: { tries++; if (tries == 1) { error 'once' }; 'got it' },"
                + " other: { hold 'other' }], concurrency: 1, retries: 1, retryDelay: 5\n"
                + "echo \"flaky ${r['flaky'].value} ${r['flaky'].attempts}\"");
        HoldStep.await("other");
        jenkins.assertLogNotContains("next attempt in", run);
        HoldStep.release("other");
        jenkins.assertEnd(Result.SUCCESS, run);
        jenkins.assertLogContains("flaky got it 2", run);
    }

    @Test
    public void whatSomebodyStoppedIsNotRepeated() throws Exception {
        WorkflowRun run = run(
                Result.UNSTABLE,
                "import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException\n"
                        + "def r = gather a: { throw new FlowInterruptedException(hudson.model.Result.ABORTED) },"
                        + " retries: 3\necho \"a ${r['a'].error} after ${r['a'].attempts}\"", false);
        jenkins.assertLogContains("a error: interrupted after 1", run);
    }

    private WorkflowRun run(Result expected, String script, boolean sandbox) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, sandbox));
        return jenkins.buildAndAssertStatus(expected, job);
    }

    @Test
    public void anUnstableBranchKeepsThatAndOnFailureComesOnTop() throws Exception {
        WorkflowRun unstable = jenkins.run(Result.UNSTABLE, "stage('s') { def r = gather a: { unstable 'a bit'; 5 }, onFailure: 'fail'\n"
                + "echo \"a ${r['a'].ok} ${r['a'].value}\" }");
        jenkins.assertLogContains("a true 5", unstable);
        jenkins.run(Result.FAILURE, "gather a: { currentBuild.result = 'FAILURE' }, b: { error 'b' }");
        WorkflowRun failed = jenkins.run(
                Result.FAILURE,
                "try { gather branches: [good: { 1 }, bad: { error 'no good' }], onFailure: 'fail' }\n"
                        + "catch (e) { echo \"kept ${e.results['good'].value}\"; throw e }");
        jenkins.assertLogContains("kept 1", failed);
        jenkins.assertLogContains("ERROR: gather: 1 of 2 branches did not succeed: bad: error: no good", failed);
        jenkins.run(Result.SUCCESS, "gather branches: [bad: { error 'no good' }], onFailure: 'ignore'");
    }

    @Test
    public void byDefaultTheStepWarns() throws Exception {
        WorkflowRun run = jenkins.run(Result.UNSTABLE, "stage('s') { gather a: { error 'oh' }; echo 'goes on' }");
        jenkins.assertLogContains("goes on", run);
        FlowNode node = new DepthFirstScanner()
                .findFirstMatch(run.getExecution(), candidate -> candidate.getDisplayFunctionName().equals("gather"));
        WarningAction warning = node.getPersistentAction(WarningAction.class);
        assertNotNull(warning);
        assertEquals(Result.UNSTABLE, warning.getResult());
    }

    @Test
    public void nestsInOtherBlocksAndInItself() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "node { withEnv(['OUTER=outer value']) { dir('sub') {\n"
                        + "  def r = gather branches: [\n"
                        + "    env: { writeFile file: 'here.txt', text: 'written'; env.OUTER },\n"
                        + "    inner: { gather(one: { 1 }, two: { gather([deep: { env.OUTER + '!' }])['deep'].value }).values() },\n"
                        + "    node: { node { pwd() != null } },\n"
                        + "    parallel: { parallel p: { gather(q: { 'q' })['q'].value }, s: { 's' } }\n"
                        + "  ], concurrency: 2\n"
                        + "  echo \"results ${r.values()} ${readFile 'here.txt'}\"\n"
                        + "} } }\n"
                        + "parallel x: { stage('X') { echo \"x ${gather(a: { 1 }).values()}\" } }, y: { echo \"y ${gather(a: { 2 }).values()}\" }");
        jenkins.assertLogContains("results [outer value, [1, outer value!], true, [p:q, s:s]] written", run);
        jenkins.assertLogContains("x [1]", run);
        jenkins.assertLogContains("y [2]", run);
    }

    @Test
    public void aBranchSeesAndChangesTheVariablesAroundIt() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "def seen = []\ndef work = [:]\n"
                        + "for (int i = 0; i < 10; i++) { int n = i; work[\"n${n}\"] = { seen << n; n * n } }\n"
                        + "def r = gather branches: work, concurrency: 3, quiet: true\n"
                        + "echo \"seen ${seen.sort()} squares ${r.values()}\"");
        jenkins.assertLogContains("seen [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] squares [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]", run);
    }

    @Test
    public void nothingToDo() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "echo \"empty ${gather([:]).size()} ${gather(branches: [:], onFailure: 'fail').allSucceeded}\"");
        jenkins.assertLogContains("gather: nothing to do", run);
        jenkins.assertLogContains("empty 0 true", run);
    }

    @Test
    public void wrongArgumentsEndInOneLine() throws Exception {
        assertError("gather: branches: 'a' is Integer (5); allowed is a closure", "gather branches: [a: 5]");
        assertError(
                "gather: branches: a list ([1]) is given; allowed is a map from name to closure", "gather branches: [1]");
        assertError("gather: concurrency: -1 is given; allowed is 0 or more", "gather branches: [:], concurrency: -1");
        assertError(
                "gather: concurrency: text (two) is given; allowed is a whole number",
                "gather a: { }, concurrency: 'two'");
        assertError(
                "gather: unknown parameter 'concurency'; did you mean 'concurrency'?", "gather a: { }, concurency: 2");
        assertError(
                "gather: unknown parameter 'colour'; valid are: branches, concurrency, exclude, failFast, failFastMode, include,"
                        + " junit, matrix, name, needs, onFailure, quiet, retries, retryDelay, timeout",
                "gather a: { }, colour: 2");
        assertError("gather: branches are given both in 'branches' and beside it; give them in one place", "gather a: { }, branches: [b: { }]");
        assertError(
                "gather: a closure without a name is given; allowed is a map from name to closure", "gather { echo 'x' }");
        assertError("gather: retries: -2 is given; allowed is 0 or more", "gather a: { }, retries: -2");
        assertError(
                "gather: onFailure: 'explode' is given; allowed are [unstable, fail, ignore]",
                "gather a: { }, onFailure: 'explode'");
    }

    private void assertError(String message, String call) throws Exception {
        WorkflowRun run = jenkins.run(Result.FAILURE, call);
        jenkins.assertLogContains("ERROR: " + message, run);
        jenkins.assertLogNotContains("\tat ", run);
    }

    @Test
    public void aWaitingBranchHasNoThreadExecutorOrPlaceInTheQueue() throws Exception {
        jenkins.jenkins.setNumExecutors(2);
        WorkflowRun few = jenkins.start("stage('s') { gather branches: [a: { node { hold 'a' } }], concurrency: 1 }");
        HoldStep.await("a");
        int threads = greenThreads(few);
        HoldStep.release("a");
        jenkins.assertEnd(Result.SUCCESS, few);
        WorkflowRun many = jenkins.start("stage('s') { gather branches: [a: { node { hold 'a' } }, b: { node { hold 'b' } },"
                + " c: { node { hold 'c' } }], concurrency: 1 }");
        for (String live : List.of("a", "b", "c")) {
            HoldStep.await(live);
            assertEquals(threads, greenThreads(many));
            assertEquals(1, jenkins.jenkins.toComputer().countBusy());
            assertEquals(0, jenkins.jenkins.getQueue().getItems().length);
            HoldStep.release(live);
        }
        jenkins.assertEnd(Result.SUCCESS, many);
    }

    private static int greenThreads(WorkflowRun run) {
        return ((CpsFlowExecution) run.getExecution()).getThreadDump().getThreads().size();
    }

    @Test
    public void visitorsOfTheGraphFindTheSameBranchesAsThoseOfParallel() throws Exception {
        String branches = "good: { echo 'in good' }, bad: { error 'oh' }, unsure: { unstable 'hm' },"
                + " outer: { parallel deep: { echo 'deep' } }, last: { }";
        GraphBranches parallel = GraphBranches.of(
                jenkins.run(Result.FAILURE, "stage('s') { parallel " + branches + " }").getExecution());
        GraphBranches gather = GraphBranches.of(jenkins.run(
                        Result.UNSTABLE,
                        "stage('s') { gather branches: [" + branches + "], concurrency: 2, onFailure: 'ignore' }")
                .getExecution());
        assertEquals(
                List.of(
                        "Branch: bad/bad ERROR oh",
                        "Branch: deep/deep",
                        "Branch: good/good",
                        "Branch: last/last",
                        "Branch: outer/outer",
                        "Branch: unsure/unsure UNSTABLE hm"),
                parallel.described());
        assertEquals(parallel.described(), gather.described());
        assertTrue("each has a beginning and an end in time", gather.allTimed());
    }

    @Test
    public void whatEndsABranchEndsTheStepsThatAreNestedInIt() throws Exception {
        WorkflowRun run = jenkins.start("def r = gather branches: [\n"
                + "  inner: { gather branches: [x: { parallel p: { hold 'x' } }, y: { echo 'y runs' }], concurrency: 1 },\n"
                + "  bad: { hold 'bad'; error 'first' }], failFast: true, onFailure: 'ignore'\n"
                + "echo \"outcomes ${r.collect { it.outcome }}\"");
        HoldStep.await("x", "bad");
        HoldStep.release("bad");
        jenkins.assertEnd(Result.SUCCESS, run);
        jenkins.assertLogContains("outcomes [cancelled, failed]", run);
        jenkins.assertLogContains("0 succeeded, 2 cancelled", run);
        jenkins.assertLogNotContains("y runs", run);
    }

    @Test
    public void theTimeLimitOfABranchEndsANestedOne() throws Exception {
        WorkflowRun run = jenkins.run(
                Result.SUCCESS,
                "def r = gather inner: { gather branches: [x: { hold 'x' }, y: { echo 'y runs' }], concurrency: 1 },"
                        + " timeout: 2, onFailure: 'ignore'\necho \"inner ${r['inner'].error}\"");
        jenkins.assertLogContains("inner timeout: did not end within 2 s", run);
        jenkins.assertLogNotContains("y runs", run);
    }

    @Test
    public void anInterruptionFromOutsideLeavesNoLoopOrCatchOfTheScriptRunning() throws Exception {
        WorkflowRun run = jenkins.start("parallel p: { gather branches: [a: { hold 'a' }, b: { hold 'b' }], concurrency: 1;"
                + " echo 'p goes on' }, q: { hold 'q'; error 'q failed' }, failFast: true");
        HoldStep.await("a", "q");
        HoldStep.release("q");
        jenkins.assertEnd(Result.FAILURE, run);
        jenkins.assertLogContains("0 succeeded, 2 cancelled", run);
        jenkins.assertLogNotContains("p goes on", run);
    }

    @Test
    public void theProgramStateGrowsWithLiveBranches() throws Exception {
        long few = programState("gather branches: work(20), concurrency: 4");
        long many = programState("gather branches: work(220), concurrency: 4");
        long parallel = programState("parallel work(220)");
        long waiting = (many - few) / 200;
        long live = (parallel - few) / 200;
        assertTrue("a waiting branch has " + waiting + " bytes, a live one " + live, waiting * 3 < live);
    }

    /** The size of the program state while all branches that are live are held. */
    private long programState(String call) throws Exception {
        WorkflowRun run = jenkins.start("def work(int count) { def all = [:]; for (int i = 0; i < count; i++) { int n = i;"
                + " all[\"n${n}\".toString()] = { hold \"${n}\" } }; all }\n"
                + "stage('s') { " + call + " }");
        int live = call.startsWith("parallel") ? 220 : 4;
        String[] names = new String[live];
        for (int i = 0; i < live; i++) {
            names[i] = String.valueOf(i);
        }
        HoldStep.await(names);
        CpsFlowExecution execution = (CpsFlowExecution) run.getExecution();
        execution.waitForSuspension();
        File state = Path.of(run.getRootDir().getPath(), "program.dat").toFile();
        assertTrue(state.exists());
        long size = state.length();
        run.doStop();
        jenkins.assertEnd(Result.ABORTED, run);
        HoldStep.await();
        assertFalse(state.exists());
        return size;
    }

    @Test
    public void itsSnippetHasClosuresToFillInAndLeavesNoWarning() throws Exception {
        LoggerRule log = new LoggerRule().record(CpsFlowExecution.class, Level.WARNING).capture(10);
        assertEquals(
                "gather branches: [\n    api: {\n        // steps\n    },\n    'the web': {\n        // steps\n    }\n],"
                        + " concurrency: 2",
                snippet("'branches': 'api\\nthe web'"));
        assertEquals(
                "gather(concurrency: 2, exclude: [[os: 'win', jdk: 17]], matrix: [os: ['linux', 'win'], jdk: [17, 21]]) {\n"
                        + "    // some block\n}",
                snippet("'matrix': 'os: linux, win\\njdk: 17, 21', 'exclude': 'os: win, jdk: 17'"));
        assertEquals(List.of(), log.getMessages());
    }

    private String snippet(String fields) throws Exception {
        String step = GatherStep.class.getName();
        String form = "{'stapler-class': '" + step + "', '$class': '" + step + "', 'concurrency': 2, " + fields + "}";
        JenkinsRule.WebClient client = jenkins.createWebClient();
        WebRequest request = new WebRequest(client.createCrumbedUrl(Snippetizer.GENERATE_URL), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair("json", form)));
        return client.getPage(request).getWebResponse().getContentAsString().trim();
    }
}
