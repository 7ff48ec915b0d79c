package io.jenkins.plugins.concurrency.steps.result;

import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.BuildWatcher;
import org.jvnet.hudson.test.JenkinsRule;

/** Results in scripts of a real Jenkins. */
public class BranchResultsTest {

    @ClassRule
    public static final BuildWatcher BUILD_WATCHER = new BuildWatcher();

    @ClassRule
    public static final JenkinsRule JENKINS = new JenkinsRule();

    private static WorkflowRun run(Result expected, String script) throws Exception {
        WorkflowJob job = JENKINS.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return JENKINS.buildAndAssertStatus(expected, job);
    }

    @Test
    public void inTheSandboxResultsAreComparedSlicedAndSpreadAsListsAre() throws Exception {
        try (InputStream script = BranchResultsTest.class.getResourceAsStream("results.Jenkinsfile")) {
            WorkflowRun run = run(Result.SUCCESS, new String(script.readAllBytes(), StandardCharsets.UTF_8));
            JENKINS.assertLogContains("all as expected", run);
        }
    }

    /** Groovy would read them: it does not care for {@code private}. */
    @Test
    public void theSandboxKeepsWhatResultsAreMadeOf() throws Exception {
        for (String property : new String[] {"run", "keptValues", "journal", "metaClass"}) {
            WorkflowRun run = run(Result.FAILURE, "echo \"${gather([:])." + property + "}\"");
            JENKINS.assertLogContains("RejectedAccessException", run);
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
                new TreeSet<>(BranchProperties.ALL.keySet()));
    }
}
