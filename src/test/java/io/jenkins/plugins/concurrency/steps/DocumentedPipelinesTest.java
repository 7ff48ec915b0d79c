package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.JenkinsRule;

/** Declarative Pipelines of the docs, and scripts for newcomers, run in a Jenkins as they stand, and say what is shown. */
public class DocumentedPipelinesTest {

    private static final Pattern SCRIPT = Pattern.compile("```groovy\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SAYS = Pattern.compile("// says: (.*)");
    private static final String UNSTABLE = "// says: Finished: UNSTABLE";

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Test
    public void fromShAndParallel() throws Exception {
        List<String> scripts = groups(SCRIPT, Files.readString(Path.of("docs/from-sh-and-parallel.md")));
        assertTrue(scripts.toString(), scripts.size() > 8);
        run(scripts);
    }

    /** Pages begin with what most people use; the other scripts are run without a Jenkins. */
    @Test
    public void declarativeStandsFirst() throws Exception {
        for (String page : List.of(
                "README.md",
                "docs/choosing.md",
                "docs/cpuPool.md",
                "docs/ioPool.md",
                "docs/many-agents.md",
                "docs/parallelFetch.md",
                "docs/steps.md",
                "docs/workers.md")) {
            List<String> scripts = groups(SCRIPT, Files.readString(Path.of(page)));
            assertTrue(page, scripts.get(0).startsWith("pipeline {"));
            run(scripts.stream().filter(script -> script.startsWith("pipeline {")).collect(Collectors.toList()));
        }
    }

    private static void run(List<String> scripts) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        for (String script : scripts) {
            job.setDefinition(new CpsFlowDefinition(script, true));
            WorkflowRun run = job.scheduleBuild2(0).get();
            Result expected = script.contains(UNSTABLE) ? Result.UNSTABLE : Result.SUCCESS;
            assertEquals(script + JenkinsRule.getLog(run), expected, run.getResult());
            for (String said : groups(SAYS, script.replace(UNSTABLE, ""))) {
                jenkins.assertLogContains(said, run);
            }
        }
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(found -> pattern.matcher(found).replaceFirst("$1"))
                .collect(Collectors.toList());
    }
}
