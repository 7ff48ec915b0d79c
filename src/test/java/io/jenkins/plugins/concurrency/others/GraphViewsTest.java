package io.jenkins.plugins.concurrency.others;

import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** What pipeline-graph-view and the data of the stage view show of the steps, while they run and after. */
public class GraphViewsTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void branchesOfGatherAreBranchesThere() throws Exception {
        WorkflowRun build = jenkins.start("stage('work') { gather onFailure: 'unstable', needs: [never: ['bad']],\n"
                + "  branches: [good: { echo 'fine' }, bad: { error 'no' }, never: { echo 'never' }, slow: { hold 'slow' }] }");
        HoldStep.await("slow");
        Map<String, String> running = Map.of("work", "running", "work/good", "success", "work/bad", "failure", "work/slow", "running");
        Await.until("the others", () -> graph(build).equals(running));
        Await.until("the stage view", () -> stages(build).equals(Map.of("work", "IN_PROGRESS")));
        HoldStep.release("slow");
        jenkins.assertEnd(Result.UNSTABLE, build);
        assertEquals(
                "what never ran is not there",
                Map.of("work", "unstable", "work/good", "success", "work/bad", "failure", "work/slow", "success"),
                graph(build));
        assertEquals(Map.of("work", "UNSTABLE"), stages(build));
    }

    @Test
    public void aPoolIsOneStepAndOnNodesABlockForEach() throws Exception {
        Path go = folder.getRoot().toPath().resolve("go");
        jenkins.simpleAgent("first", "pool");
        jenkins.simpleAgent("second", "pool");
        WorkflowRun build = jenkins.start("stage('here') { node('first') { cpuPool name: 'local', tasks: [a: 'echo a', b: 'exit 1'], onFailure: 'unstable' } }\n"
                + "stage('there') { cpuPool name: 'remote', label: 'pool', nodes: 2, workers: 1, inputs: 1..2, command: 'touch " + go
                + "-{}; until [ -e " + go + " ]; do sleep 0.1; done' }");
        Await.file(Path.of(go + "-1"));
        Await.file(Path.of(go + "-2"));
        Await.until("the stages", () -> graph(build).equals(Map.of("here", "unstable", "there", "running")));
        Await.until("the stage view", () -> stages(build).equals(Map.of("here", "UNSTABLE", "there", "IN_PROGRESS")));
        Await.until("the steps", () -> "unstable".equals(steps(build).get("local"))
                && "running".equals(steps(build).get("remote (Work that several nodes share)")));
        Files.createFile(go);
        jenkins.assertEnd(Result.UNSTABLE, build);
        assertEquals(Map.of("here", "unstable", "there", "success"), graph(build));
        assertEquals(Map.of("here", "UNSTABLE", "there", "SUCCESS"), stages(build));
        assertEquals(List.of("unstable", "success"), List.of(steps(build).get("local"), steps(build).get("remote (Work that several nodes share)")));
    }

    /** The states of all stages and branches by their names, of pipeline-graph-view. */
    private static Map<String, String> graph(WorkflowRun build) throws Exception {
        Map<String, String> states = new TreeMap<>();
        add(json(build, "stages/tree").getJSONObject("data").getJSONArray("stages"), "", states);
        return states;
    }

    private static void add(JSONArray stages, String path, Map<String, String> states) {
        for (Object each : stages) {
            JSONObject stage = (JSONObject) each;
            String name = path + stage.getString("name");
            assertEquals(name + " is there once", null, states.put(name, stage.getString("state")));
            add(stage.getJSONArray("children"), name + "/", states);
        }
    }

    /** The states of the steps by what pipeline-graph-view shows: a name, and for work on nodes what it is. */
    private static Map<String, String> steps(WorkflowRun build) throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (Object each : json(build, "stages/allSteps").getJSONObject("data").getJSONArray("steps")) {
            JSONObject step = (JSONObject) each;
            String kind = step.getString("title");
            states.put(step.getString("name") + (kind.startsWith("Work") ? " (" + kind + ")" : ""), step.getString("state"));
        }
        return states;
    }

    /** The states of the stages by their names, of the stage view. */
    private static Map<String, String> stages(WorkflowRun build) throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (Object each : json(build, "wfapi/describe").getJSONArray("stages")) {
            JSONObject stage = (JSONObject) each;
            states.put(stage.getString("name"), stage.getString("status"));
        }
        return states;
    }

    private static JSONObject json(WorkflowRun build, String page) throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            client.getOptions().setJavaScriptEnabled(false);
            return JSONObject.fromObject(client.goTo(build.getUrl() + page, null).getWebResponse().getContentAsString());
        }
    }
}
