package io.jenkins.plugins.concurrency.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpServer;
import hudson.model.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Steps across orderly restarts of the controller. */
public class RestartTest {

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final CountDownLatch slowAsked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private HttpServer server;

    @Before
    public void startServer() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            boolean first = asked.add(path);
            if (path.equals("/slow") && first) {
                slowAsked.countDown();
                await(release);
            }
            exchange.sendResponseHeaders(path.equals("/missing") ? 404 : 204, -1);
            exchange.close();
        });
        server.start();
    }

    @After
    public void stopServer() {
        release.countDown();
        server.stop(0);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static WorkflowRun start(JenkinsRule jenkins, String script) throws Exception {
        OwnNetwork.allow();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private static WorkflowRun resumed(JenkinsRule jenkins) throws Exception {
        return jenkins.waitForCompletion(
                jenkins.jenkins.getItemByFullName("job", WorkflowJob.class).getBuildByNumber(1));
    }

    @Test
    public void aFetchOutsideNodeGoesOnAndKeepsWhatHadEnded() throws Throwable {
        String root = "http://127.0.0.1:" + server.getAddress().getPort();
        sessions.then(jenkins -> {
            WorkflowRun run = start(
                    jenkins,
                    "def r = parallelFetch urls: [a: '" + root + "/a', gone: '" + root + "/missing', slow: '" + root
                            + "/slow'], timeout: 0\n"
                            + "echo \"ended ${r.succeeded} ${r.failed} ${r['gone'].error.type} ${r['slow'].attempts}\"");
            await(slowAsked);
            Await.lines(Await.onlyRun(run).resolve("journal.ndjson"), 3);
        });
        sessions.then(jenkins -> {
            WorkflowRun run = resumed(jenkins);
            jenkins.assertBuildStatus(Result.UNSTABLE, run);
            jenkins.assertLogContains("ended 2 1 status 2", run);
            jenkins.assertLogContains("parallelFetch: 3 branches in", run);
        });
    }

    @Test
    public void aFetchGoesOnWhoseNodeInTheGraphPipelineHadNotSavedYet() throws Throwable {
        String root = "http://127.0.0.1:" + server.getAddress().getPort();
        sessions.then(jenkins -> {
            start(jenkins, "def r = parallelFetch urls: ['" + root + "/slow'], timeout: 0\necho \"ended ${r.succeeded}\"");
            await(slowAsked);
        });
        Path build = sessions.getHome().toPath().resolve("jobs/job/builds/1/build.xml");
        String saved = Files.readString(build);
        String behind = saved.replace("<head>1:3</head>", "<head>1:2</head>");
        assertNotEquals(saved, behind);
        Files.writeString(build, behind);
        sessions.then(jenkins -> {
            WorkflowRun run = resumed(jenkins);
            jenkins.assertBuildStatus(Result.SUCCESS, run);
            jenkins.assertLogContains("ended 1", run);
        });
    }

    @Test
    public void nothingIsDoneBeforePipelineHasSavedTheStep() throws Throwable {
        String root = "http://127.0.0.1:" + server.getAddress().getPort();
        sessions.then(jenkins -> {
            OwnNetwork.allow();
            CompletableFuture<Boolean> saved = new CompletableFuture<>();
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
            server.createContext("/look", exchange -> {
                saved.complete(isSaved(job.getBuildByNumber(1)));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            // A large state takes long to save.
            String script = "def large = 'x' * 100000000\nparallelFetch urls: ['" + root + "/look']\necho \"${large.size()}\"";
            job.setDefinition(new CpsFlowDefinition(script, true));
            jenkins.buildAndAssertSuccess(job);
            assertTrue("its id is in the program's state", saved.get());
        });
    }

    private static boolean isSaved(WorkflowRun build) throws IOException {
        String id = Await.runs(build).get(0).getFileName().toString();
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
            WorkflowRun run = resumed(jenkins);
            jenkins.assertBuildStatus(Result.SUCCESS, run);
            jenkins.assertLogContains("ended 3 [1, 1, 1]", run);
        });
        assertEquals("none was done twice", 3, Files.readAllLines(done).size());
    }
}
