package io.jenkins.plugins.concurrency.steps;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Commands and functions on an agent see what the steps around them have set up. */
public class EnclosingContextTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule().keepingAgents();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @BeforeClass
    public static void startAgent() throws Exception {
        jenkins.agent("remote");
    }

    private WorkflowRun run(String body) throws Exception {
        return jenkins.run(Result.SUCCESS, "node('remote') {\n" + body + "\n}");
    }

    /** Prints what a command and a function find. */
    private static String look(String shell, String groovy) {
        return "echo \"command ${cpuPool(tasks: ['" + shell + "'], onFailure: 'fail')[0].value}\"\n"
                + "echo \"function ${cpuPool(inputs: [1], groovy: '" + groovy + "', onFailure: 'fail')[0].value}\"\n";
    }

    @Test
    public void variablesOfWithEnvAndOfTheBuild() throws Exception {
        WorkflowRun run = run("withEnv(['COLOUR=it\\'s $red `x`', 'BUILD_NUMBER=outer']) { withEnv(['BUILD_NUMBER=77']) {\n"
                + look(
                        "echo \"$COLOUR $BUILD_NUMBER $JOB_NAME\"",
                        "System.getenv(\"COLOUR\") + \" \" + System.getenv(\"BUILD_NUMBER\") + \" \" + System.getenv(\"JOB_NAME\")")
                + "}}");
        String seen = "it's $red `x` 77 " + run.getParent().getName();
        jenkins.assertLogContains("command " + seen, run);
        jenkins.assertLogContains("function " + seen, run);
    }

    @Test
    public void programsOfAPathThatWasPutInFront() throws Exception {
        // as `tool` gives the folder and `withEnv` puts it into the path
        WorkflowRun run = run("writeFile file: 'my tools/bin/greet', text: '#!/bin/sh\\necho hello from a tool\\n'\n"
                + "sh 'chmod +x \"my tools/bin/greet\"'\n"
                + "withEnv([\"PATH+TOOL=${pwd()}/my tools/bin\"]) {\n"
                + look("greet", "\"greet\".execute().text.trim()")
                + "}");
        jenkins.assertLogContains("command hello from a tool", run);
        jenkins.assertLogContains("function hello from a tool", run);
    }

    @Test
    public void theDirectoryOfDir() throws Exception {
        WorkflowRun run = run("dir('not there/yet') {\n"
                + look("touch made; basename \"$(pwd)\"", "new File(\"made\").absoluteFile.parentFile.name")
                + "echo \"made ${fileExists 'made'}\"\n}");
        jenkins.assertLogContains("command yet", run);
        jenkins.assertLogContains("function yet", run);
        jenkins.assertLogContains("made true", run);
    }

    @Test
    public void credentials() throws Exception {
        PipelineRule.addSecretText("token", "$a'b\"c\\d e");
        WorkflowRun run = run("withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {\n"
                + look("printf %s \"$TOKEN\" | wc -c", "System.getenv(\"TOKEN\").length()")
                + "}");
        jenkins.assertLogContains("command 10", run);
        jenkins.assertLogContains("function 10", run);
    }
}
