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
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Every script of docs/from-sh-and-parallel.md runs in a Jenkins as it stands, and says what the page shows. */
public class DocumentedPipelinesTest {

    private static final Pattern SCRIPT = Pattern.compile("```groovy\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SAYS = Pattern.compile("// says: (.*)");

    @Rule
    public final PipelineRule jenkins = new PipelineRule();

    @Test
    public void fromShAndParallel() throws Exception {
        List<String> scripts = groups(SCRIPT, Files.readString(Path.of("docs/from-sh-and-parallel.md")));
        assertTrue(scripts.toString(), scripts.size() > 8);
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        for (String script : scripts) {
            job.setDefinition(new CpsFlowDefinition(script, true));
            WorkflowRun run = job.scheduleBuild2(0).get();
            assertEquals(script + JenkinsRule.getLog(run), Result.SUCCESS, run.getResult());
            for (String said : groups(SAYS, script)) {
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
