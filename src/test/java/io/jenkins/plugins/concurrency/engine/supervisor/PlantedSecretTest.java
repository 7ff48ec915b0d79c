package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.journal.JournalEntry;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorSettings;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What every process of a user can see of another, its environment and its command line, has no secret of a run: but for
 * the run's own commands and functions, which are to have those of the step's environment.
 */
public class PlantedSecretTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String ofStep = "planted-" + UUID.randomUUID();
    private final String ofRequests = "planted-" + UUID.randomUUID();
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final List<RunFiles> runs = new ArrayList<>();
    private boolean shared = true;
    private Path workspace;

    @Before
    public void prepare() throws IOException {
        assumeTrue("looks at processes by /proc", Files.isDirectory(Path.of("/proc/self")));
        workspace = folder.newFolder("workspace").toPath();
        environment.put("TOKEN", ofStep);
    }

    @After
    public void endSupervisors() throws IOException {
        for (RunFiles files : runs) {
            supervisor(files).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static Optional<ProcessHandle> supervisor(RunFiles files) throws IOException {
        JournalEntry first = JournalEntry.fromJson(JsonObject.parse(Files.readAllLines(files.journal()).get(0)));
        return ProcessHandle.of(((JournalEntry.Started) first).pid());
    }

    private RunFiles start(WorkSpec work, Map<String, Object> branch) throws IOException {
        RunFiles files = new RunFiles(folder.newFolder().toPath());
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
        files.writeSpec(new RunSpec(UUID.randomUUID().toString(), policy, work, List.of("TOKEN"), RunLimits.NONE));
        RunInputs.write(files, Stream.of(branch));
        SupervisorSettings.Shared all =
                new SupervisorSettings.Shared(workspace, Duration.ofMinutes(10), FollowingSide.newKey());
        SupervisorLauncher.start(
                files, FollowingSide.settings(List.of(TestJvm.CLASS_PATH), shared ? all : null), environment);
        runs.add(files);
        return files;
    }

    private PoolSettings pool(String template, String function) {
        return new PoolSettings(1, template, function, workspace.toString());
    }

    private static void awaitEnd(RunFiles files) throws Exception {
        Await.until("the supervisor's end", () -> !SupervisorLiveness.isAlive(files));
        assertEquals(Files.readString(files.log()), 1, JournalIndex.read(files.journal()).count(OutcomeStatus.SUCCEEDED));
    }

    private void await(String file) throws Exception {
        Await.file(workspace.resolve(file));
    }

    /** The command lines of processes that have a text there or in their environment, but for those of some runs. */
    private static List<String> holders(String text, List<String> runIds) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            for (ProcessHandle process : all.toList()) {
                String variables = read(process, "environ");
                String words = read(process, "cmdline");
                boolean ofRun = runIds.stream().anyMatch(id -> variables.contains(PoolEnvironment.RUN + "=" + id));
                if (words.contains(text) || variables.contains(text) && !ofRun) {
                    found.add(process.pid() + " " + words.replace('\0', ' '));
                }
            }
        }
        return found;
    }

    private static String read(ProcessHandle process, String file) {
        try {
            Path path = Path.of("/proc", Long.toString(process.pid()), file);
            return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // gone, or somebody else's
        }
    }

    private void assertNobodyElseHas(String secret, RunFiles... working) throws IOException {
        List<String> runIds = new ArrayList<>();
        for (RunFiles files : working) {
            runIds.add(files.readSpec().id());
        }
        assertEquals(List.of(), holders(secret, runIds));
    }

    @Test
    public void aPoolsSecretIsItsCommandsAloneWhereEachRunHasAProcess() throws Exception {
        shared = false;
        aPoolsSecretIsItsCommandsAlone();
    }

    @Test
    public void aPoolsSecretIsItsCommandsAlone() throws Exception {
        String wait = "test \"$TOKEN\"; touch here-{}; until test -e go-{}; do sleep 0.02; done";
        RunFiles one = start(new WorkSpec.Pool(pool(wait, null)), Map.of("name", "one", "input", "one"));
        await("here-one");
        assertFalse("its commands have it", holders(ofStep, List.of()).isEmpty());
        assertNobodyElseHas(ofStep, one);
        RunFiles two = start(new WorkSpec.Pool(pool(wait, null)), Map.of("name", "two", "input", "two"));
        await("here-two");
        assertNobodyElseHas(ofStep, one, two);
        Files.createFile(workspace.resolve("go-one"));
        awaitEnd(one);
        assertNobodyElseHas(ofStep, two);
        Files.createFile(workspace.resolve("go-two"));
        awaitEnd(two);
        assertNobodyElseHas(ofStep);
    }

    @Test
    public void afterFunctionsNobodyHasIt() throws Exception {
        String function = "assert System.getenv('TOKEN').startsWith('planted'); new File('here').createNewFile();"
                + " while (!new File('go').exists()) sleep(20)";
        RunFiles files = start(new WorkSpec.Pool(pool(null, function)), Map.of("name", "a", "input", "a"));
        await("here");
        assertNobodyElseHas(ofStep, files);
        Files.createFile(workspace.resolve("go"));
        awaitEnd(files);
        assertNobodyElseHas(ofStep);
    }

    @Test
    public void whatRequestsNeedNobodyHas() throws Exception {
        String sent = "Bearer " + ofRequests;
        try (HttpTestServer server = new HttpTestServer((request, to) ->
                to.respond(sent.equals(request.headers().get("authorization")) ? 200 : 401))) {
            environment.put(CredentialReference.secretVariable(0), ofRequests);
            environment.put(CredentialReference.passwordVariable(0), ofRequests);
            environment.put(NetworkOptions.VARIABLE, ofRequests);
            FetchSettings standard = FetchSettings.standard(new BodyStorage(workspace.toString(), "pages", 0));
            FetchSettings settings = new FetchSettings(
                    standard.traffic(),
                    standard.timeouts(),
                    standard.requests(),
                    standard.redirects(),
                    standard.storage(),
                    standard.network(),
                    List.of(new CredentialReference("token", CredentialReference.Kind.BEARER, false)));
            PoolSettings command = pool("test \"$TOKEN\"; touch here; until test -e go; do sleep 0.02; done; : {}", null);
            BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
            String url = server.url("/page");
            RunFiles files = start(
                    new WorkSpec.Fetch(settings, null, new ProcessingSpec(command, policy)),
                    Map.of("name", "page", "url", url, "method", "GET", "credentialsId", "token"));
            await("here");
            assertNobodyElseHas(ofRequests);
            assertNobodyElseHas(ofStep, files);
            Files.createFile(workspace.resolve("go"));
            awaitEnd(files);
            assertNobodyElseHas(ofStep);
        }
    }
}
