package io.jenkins.plugins.concurrency.others;

import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.HoldStep;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.view.Browser;
import java.util.List;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.openqa.selenium.By;

/** The stage view's part of the job page, in a browser: what it shows of branches while they run and after. */
public class StageViewBrowserTest {

    private static final PipelineRule JENKINS = new PipelineRule();
    private static final Browser BROWSER = new Browser();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(BROWSER).around(JENKINS);

    @Test
    public void branchesAreInTheStageOfTheirStep() throws Exception {
        WorkflowRun build = JENKINS.start("gather name: 'checks', onFailure: 'unstable', needs: [never: ['bad']],\n"
                + "  branches: [good: { echo 'fine' }, bad: { error 'no' }, never: { echo 'never' }, slow: { hold 'slow' }]");
        HoldStep.await("slow");
        BROWSER.driver().get(JENKINS.getURL() + build.getParent().getUrl());
        BROWSER.await("the stage", () -> cells().equals(List.of("IN_PROGRESS")));
        assertEquals(List.of("checks"), BROWSER.texts(".jobsTable th[class^=stage-header]"));
        HoldStep.release("slow");
        JENKINS.assertEnd(Result.UNSTABLE, build);
        BROWSER.await("its end", () -> cells().equals(List.of("UNSTABLE")));
        BROWSER.picture("stage-view");
    }

    /** The states of the stages of the newest build. */
    private static List<String> cells() {
        return BROWSER.driver().findElements(By.cssSelector(".stage-cell")).stream()
                .map(cell -> cell.getDomAttribute("class").replaceAll(".* ", ""))
                .collect(Collectors.toList());
    }
}
