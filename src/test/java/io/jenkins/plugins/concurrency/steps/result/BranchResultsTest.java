package io.jenkins.plugins.concurrency.steps.result;

import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Results in scripts of a real Jenkins. */
public class BranchResultsTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Test
    public void inTheSandboxResultsAreComparedSlicedAndSpreadAsListsAre() throws Exception {
        try (InputStream script = BranchResultsTest.class.getResourceAsStream("results.Jenkinsfile")) {
            WorkflowRun run = jenkins.run(Result.SUCCESS, new String(script.readAllBytes(), StandardCharsets.UTF_8));
            jenkins.assertLogContains("all as expected", run);
        }
    }

    /** Groovy would read them: it does not care for {@code private}. */
    @Test
    public void theSandboxKeepsWhatResultsAreMadeOf() throws Exception {
        for (String property : new String[] {"outcomes", "indexes", "journal", "metaClass"}) {
            WorkflowRun run = jenkins.run(Result.FAILURE, "echo \"${gather([:])." + property + "}\"");
            jenkins.assertLogContains("RejectedAccessException", run);
        }
    }

    @Test
    public void everyPropertyOfABranchCanBeSpread() {
        assertEquals(
                Stream.of(BranchResult.class.getDeclaredMethods())
                        .map(Method::getName)
                        .filter(name -> name.matches("(get|is)[A-Z].*") && !name.equals("isOf"))
                        .map(name -> name.replaceFirst("get|is", ""))
                        .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
                        .collect(Collectors.toCollection(TreeSet::new)),
                new TreeSet<>(BranchResult.PROPERTIES.keySet()));
    }
}
