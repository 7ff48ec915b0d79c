package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;

import hudson.FilePath;
import hudson.model.Result;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.pipeline.PipelineRule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Builds that reuse what an earlier one has done, on an agent in its own process. */
public class ResumeFromTest {

    @ClassRule
    public static final PipelineRule jenkins = new PipelineRule();

    @Rule
    public final TestRule cleanUp = jenkins.cleanUp();

    @Rule
    public final HttpTestServer server = new HttpTestServer(this::answer);

    private final String root = server.root();
    private WorkflowJob job;

    /** What is late is there when it is asked for again. */
    private void answer(HttpTestServer.Request request, HttpTestServer.Connection to) throws IOException {
        String path = request.path();
        to.respond(path.equals("/late") && server.requestsFor(path) == 1 ? 404 : 200, "body of " + path);
    }

    @Before
    public void start() throws Exception {
        jenkins.agent("remote");
        job = jenkins.createProject(WorkflowJob.class);
    }

    private WorkflowRun build(Result expected, String script) throws Exception {
        return jenkins.run(expected, job, script);
    }

    @Test
    public void whatWasFetchedIsNotFetchedAgainUnlessItsFileHasChanged() throws Exception {
        String script = "node('remote') {\n"
                + "def r = parallelFetch urls: ['" + root + "/a', '" + root + "/b', '" + root + "/late'], toDir: 'pages',\n"
                + "    name: 'pages', resumeFrom: 'lastBuild'\n"
                + "echo \"reused ${r.collect { it.reused }}, paths ${r.collect { it.path }}, attempts ${r.collect { it.attempts }}\"\n"
                + "}";
        WorkflowRun first = build(Result.UNSTABLE, script);
        jenkins.assertLogContains("pages: there is no earlier build to resume from; all branches run", first);
        FilePath workspace = jenkins.jenkins.getNode("remote").getWorkspaceFor(job);
        workspace.child("pages/b").write("changed", "UTF-8");
        WorkflowRun second = build(Result.SUCCESS, script);
        jenkins.assertLogContains("pages: what succeeded in #1 and has not changed is reused", second);
        jenkins.assertLogContains("reused [true, false, false], paths [pages/a, pages/b, pages/late], attempts [0, 1, 1]", second);
        jenkins.assertLogContains("3 succeeded (1 reused)", second);
        assertEquals(List.of("/a", "/b", "/b", "/late", "/late"), server.paths().stream().sorted().toList());
        assertEquals("body of /b", workspace.child("pages/b").readToString());
        WorkflowRun third = build(Result.SUCCESS, script);
        jenkins.assertLogContains("3 succeeded (3 reused)", third);
        assertEquals(5, server.requests.size());
    }

    @Test
    public void whatAPoolHasDoneIsNotDoneAgain() throws Exception {
        String first = "node('remote') {\n"
                + "cpuPool tasks: [a: 'echo a >> done; echo A', b: 'echo b >> done; exit 3'], name: 'work', onFailure: 'ignore'\n"
                + "ioPool inputs: [1, 2], groovy: 'input + 1', name: 'work'\n"
                + "}";
        WorkflowRun earlier = build(Result.SUCCESS, first);
        RunFiles damaged = new RunFiles(Files.createDirectories(
                earlier.getRootDir().toPath().resolve(RunFiles.FOLDER).resolve("damaged")));
        Files.createFile(damaged.journal());
        Files.writeString(damaged.description(), "half");
        build(Result.SUCCESS, "echo 'a build without the step'");
        WorkflowRun third = build(
                Result.SUCCESS,
                "node('remote') {\n"
                        + "def r = cpuPool tasks: [a: 'echo a >> done; echo A', b: 'echo b >> done; exit 0'], name: 'work', resumeFrom: 1\n"
                        + "def f = ioPool inputs: [1, 2, 3], groovy: 'input + 1', name: 'work', resumeFrom: '1'\n"
                        + "echo \"values ${r.values()} ${f.values()}, reused ${r.collect { it.reused }} ${f.collect { it.reused }}\"\n"
                        + "cpuPool tasks: ['true'], name: 'other', resumeFrom: 1\n"
                        + "cpuPool tasks: ['true'], name: 'work', resumeFrom: 'lastCompleted'\n"
                        + "cpuPool tasks: ['true'], name: 'work', resumeFrom: 77\n"
                        + "echo \"done ${readFile('done').split()}\"\n"
                        + "}");
        jenkins.assertLogContains("values [A, ] [2, 3, 4], reused [true, false] [true, true, false]", third);
        jenkins.assertLogContains("other: #1 has no results of this step to resume from; all branches run", third);
        jenkins.assertLogContains("work: #2 has no results of this step to resume from; all branches run", third);
        jenkins.assertLogContains("work: there is no build #77 to resume from; all branches run", third);
        jenkins.assertLogContains("done [a, b, b]", third);
    }

    @Test
    public void whatSeveralNodesHaveDoneIsNotDoneAgain() throws Exception {
        String script = "def r = cpuPool label: 'remote', tasks: [a: 'echo A >> done; echo $NODE_NAME', "
                + "b: 'echo B >> done; [ $(wc -l < done) -gt 2 ]'], name: 'work', workers: 1, resumeFrom: 'lastBuild'\n"
                + "echo \"values ${r.values()}, reused ${r.collect { it.reused }}, node ${r[0].node}\"\n"
                + "def f = parallelFetch label: 'remote', urls: ['" + root + "/a', [url: '" + root
                + "/b', file: 'b']], resumeFrom: 'lastBuild'\n"
                + "echo \"fetched ${f.collect { it.reused }} ${f[0].body}\"\n";
        WorkflowRun first = build(Result.UNSTABLE, script);
        jenkins.assertLogContains("work: there is no earlier build to resume from; all branches run", first);
        jenkins.assertLogContains("values [remote, null], reused [false, false], node remote", first);
        WorkflowRun second = build(Result.SUCCESS, script);
        jenkins.assertLogContains("values [remote, ], reused [true, false], node remote", second);
        jenkins.assertLogContains("fetched [true, false] body of /a", second);
        WorkflowRun third = build(Result.SUCCESS, script.replace("label: 'remote', tasks", "label: 'gone', tasks"));
        jenkins.assertLogContains("2 succeeded (2 reused)", third);
        assertEquals(List.of("/a", "/b", "/b", "/b"), server.paths().stream().sorted().toList());
    }

    @Test
    public void outsideNodeTextsAreReused() throws Exception {
        ConcurrencyConfiguration.get().getController().setInternal(true);
        String script = "def r = parallelFetch urls: ['" + root + "/x'], resumeFrom: 'lastCompleted'\n"
                + "echo \"${r[0].body} ${r[0].reused}\"";
        build(Result.SUCCESS, script);
        jenkins.assertLogContains("body of /x true", build(Result.SUCCESS, script));
        assertEquals(List.of("/x"), server.paths());
    }
}
