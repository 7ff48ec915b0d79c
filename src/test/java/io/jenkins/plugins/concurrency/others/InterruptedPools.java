package io.jenkins.plugins.concurrency.others;

import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;

/** Two pools in a container, one with retries, which are interrupted during their second tasks. */
final class InterruptedPools {

    private InterruptedPools() {}

    /** A pool with three tasks, one after the other. The second one does not end while there is no file {@code go}. */
    private static final String POOL = "def pool(name, retries) {\n"
            + "def r = cpuPool inputs: ['one', 'two', 'three'], workers: 1, retryDelay: 0, retries: retries, onFailure: 'ignore',\n"
            + "  command: \"echo {} >> ${name}.begun; test {} != two || while ! test -e go; do sleep 0.1 || sleep 1; done; echo {} >> ${name}.done\"\n"
            + "echo \"$name ${r.collect { it.attempts }} ${r.collect { it.error?.type }}\" }\n";

    static String script(String image) {
        return POOL + ContainersTest.script(image, "args: ''", "parallel again: { pool('again', 1) }, lost: { pool('lost', 0) }");
    }

    static void awaitSecondTasks(Path workspace) throws Exception {
        Await.lines(workspace.resolve("again.begun"), 2);
        Await.lines(workspace.resolve("lost.begun"), 2);
    }

    /** What was under way is done again or lost, and the rest is done. */
    static void assertGoneOnWith(PipelineRule jenkins, WorkflowRun run, Path workspace) throws Exception {
        Await.lines(workspace.resolve("again.begun"), 3);
        Await.lines(workspace.resolve("lost.begun"), 3);
        Files.createFile(workspace.resolve("go"));
        jenkins.assertEnd(Result.SUCCESS, run);
        jenkins.assertLogContains("again [1, 2, 1] [null, null, null]", run);
        jenkins.assertLogContains("lost [1, 1, 1] [null, lost, null]", run);
        assertEquals(List.of("one", "two", "two", "three"), Files.readAllLines(workspace.resolve("again.begun")));
        assertEquals("the first attempt was ended", List.of("one", "two", "three"), Files.readAllLines(workspace.resolve("again.done")));
        assertEquals(List.of("one", "two", "three"), Files.readAllLines(workspace.resolve("lost.begun")));
        assertEquals(List.of("one", "three"), Files.readAllLines(workspace.resolve("lost.done")));
    }
}
