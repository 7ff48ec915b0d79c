package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.BuildRecord;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineSessionRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Steps across orderly restarts of the controller. */
public class RestartTest {

    @Rule
    public final PipelineSessionRule sessions = new PipelineSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final HttpTestServer server = new HttpTestServer(this::answer);

    private void answer(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        if (request.path().equals("/slow") && server.requestsFor("/slow") == 1) {
            to.awaitRelease();
        }
        to.respond(request.path().equals("/missing") ? 404 : 204);
    }

    private static WorkflowRun start(PipelineRule jenkins, String script) throws Exception {
        PipelineRule.allowOwnNetwork();
        return jenkins.start("job", script);
    }

    @Test
    public void aFetchOutsideNodeGoesOnAndKeepsWhatHadEnded() throws Throwable {
        String root = server.root();
        sessions.then(jenkins -> {
            WorkflowRun run = start(
                    jenkins,
                    "def r = parallelFetch urls: [a: '" + root + "/a', gone: '" + root + "/missing', slow: '" + root
                            + "/slow'], timeout: 0, concurrency: 'auto'\n"
                            + "echo \"ended ${r.succeeded} ${r.failed} ${r['gone'].error.type} ${r['slow'].attempts}\"");
            server.await("GET", "/slow", 1);
            Await.lines(BuildRecord.of(run).awaitRun().journal(), 3);
        });
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.assertEnd(Result.UNSTABLE, jenkins.build("job"));
            jenkins.assertLogContains("ended 2 1 status 2", run);
            jenkins.assertLogContains("parallelFetch: 3 branches in", run);
        });
    }

    @Test
    public void aFetchGoesOnWhoseNodeInTheGraphPipelineHadNotSavedYet() throws Throwable {
        String root = server.root();
        sessions.then(jenkins -> {
            start(jenkins, "def r = parallelFetch urls: ['" + root + "/slow'], timeout: 0\necho \"ended ${r.succeeded}\"");
            server.await("GET", "/slow", 1);
        });
        Path build = sessions.home().resolve("jobs/job/builds/1/build.xml");
        String saved = Files.readString(build);
        String behind = saved.replace("<head>1:3</head>", "<head>1:2</head>");
        assertNotEquals(saved, behind);
        Files.writeString(build, behind);
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("ended 1", run);
        });
    }

    @Test
    public void nothingIsDoneBeforePipelineHasSavedTheStep() throws Throwable {
        String root = server.root();
        sessions.then(jenkins -> {
            PipelineRule.allowOwnNetwork();
            CompletableFuture<Boolean> saved = new CompletableFuture<>();
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
            server.on("look", (request, to) -> {
                saved.complete(isSaved(job.getBuildByNumber(1)));
                to.respond(204);
            });
            // A large state takes long to save.
            String script = "def large = 'x' * 100000000\nparallelFetch urls: ['" + root + "/look']\necho \"${large.size()}\"";
            job.setDefinition(new CpsFlowDefinition(script, true));
            jenkins.buildAndAssertSuccess(job);
            assertTrue("its id is in the program's state", saved.get());
        });
    }

    private static boolean isSaved(WorkflowRun build) throws IOException {
        String id = BuildRecord.id(BuildRecord.of(build).runs().get(0));
        Path program = build.getRootDir().toPath().resolve("program.dat");
        return Files.readString(program, StandardCharsets.ISO_8859_1).contains(id);
    }

    @Test
    public void aPoolGoesOnWithoutTheController() throws Throwable {
        goesOn("cpuPool inputs: [1, 2, 3], workers: 1, "
                + "command: 'touch STARTED; while ! test -e GO; do sleep 0.1; done; echo {} >> DONE'");
    }

    @Test
    public void functionsOnThreadsGoOnWithoutTheController() throws Throwable {
        goesOn("ioPool inputs: [1, 2, 3], threads: 2, groovy: '''\n"
                + "new File('STARTED').createNewFile()\n"
                + "while (!new File('GO').exists()) Thread.sleep(50)\n"
                + "new File('DONE') << \"$input\\\\n\"; null'''");
    }

    @Test
    public void persistentWorkersGoOnWithoutTheController() throws Throwable {
        Path worker = folder.getRoot().toPath().resolve("worker.sh");
        Files.writeString(
                worker,
                "while read -r line; do touch $1; while ! test -e $2; do sleep 0.1; done; echo x >> $3; echo '{}'; done");
        goesOn("ioPool inputs: [1, 2, 3], threads: 1, worker: 'sh " + worker + " STARTED GO DONE'");
    }

    /** @param step three branches, that wait for the file {@code GO} and add a line to {@code DONE} */
    private void goesOn(String step) throws Throwable {
        Path started = folder.getRoot().toPath().resolve("started");
        Path go = folder.getRoot().toPath().resolve("go");
        Path done = folder.getRoot().toPath().resolve("done");
        String located = step.replace("STARTED", started.toString())
                .replace("GO", go.toString())
                .replace("DONE", done.toString());
        sessions.then(jenkins -> {
            start(
                    jenkins,
                    "node {\n def r = " + located
                            + "\n echo \"ended ${r.succeeded} ${r.collect { it.attempts }}\"\n}");
            Await.file(started);
        });
        // no controller at all: the supervisor does the work
        Files.createFile(go);
        Await.lines(done, 3);
        sessions.then(jenkins -> {
            WorkflowRun run = jenkins.assertEnd(Result.SUCCESS, jenkins.build("job"));
            jenkins.assertLogContains("ended 3 [1, 1, 1]", run);
        });
        assertEquals("none was done twice", 3, Files.readAllLines(done).size());
    }
}
