package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.connect.NetworkSettings;
import io.jenkins.plugins.concurrency.engine.fetch.destination.DestinationSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.ProcessingSpec;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorSettings;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.HttpTestServer;
import io.jenkins.plugins.concurrency.fixture.JvmWarnings;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import io.jenkins.plugins.concurrency.fixture.TestCertificates;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The JVMs of an agent, a supervisor and functions have nothing to say about what they do, on the Java of this test. */
public class JvmWarningsTest {

    /** Its process ends in the call, so the last lines of the standard error are in the branch's error. */
    private static final String FUNCTION = "assert [['echo', input.url].execute().text.trim(), new File(input.path).text] == [input.url, 'body'];"
            + " assert new Date(0).format('yyyy') in ['1969', '1970'] && 'ab' =~ 'b';"
            + " assert groovy.json.JsonOutput.toJson([a: 1.5G]) == '{\"a\":1.5}' && Class.forName('java.util.ArrayList').newInstance() == [];"
            + " Runtime.runtime.halt(3)";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** As the agent: has a run done by a supervisor that others could share, and prints what is in its log and its journal. */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        FetchSettings standard = FetchSettings.standard(new BodyStorage(root.toString(), "pages", 0));
        FetchSettings settings = new FetchSettings(
                standard.traffic(),
                standard.timeouts(),
                standard.requests(),
                standard.redirects(),
                standard.storage(),
                new NetworkSettings(DestinationSettings.INTERNAL, null, false, true),
                List.of());
        PoolSettings function = new PoolSettings(1, null, FUNCTION, root.toString());
        RunFiles files = new RunFiles(Files.createDirectory(root.resolve("run")));
        WorkSpec work = new WorkSpec.Fetch(settings, null, new ProcessingSpec(function, RunInputs.ONCE));
        Map<String, Object> branch = Map.of("name", "page", "url", args[2]);
        RunInputs.write(files, UUID.randomUUID().toString(), RunInputs.ONCE, work, Stream.of(branch));
        SupervisorSettings.Shared all = new SupervisorSettings.Shared(root, Duration.ofMillis(1), FollowingSide.newKey());
        SupervisorLauncher.start(files, FollowingSide.settings(List.of(args[1]), all), System.getenv());
        Await.until("the supervisor's end", () -> !SupervisorLiveness.isAlive(files));
        System.out.println(Files.readString(files.log()) + JournalIndex.read(files.journal()).outcome(0).error());
    }

    @Test(timeout = Await.PATIENCE_SECONDS * 1_000)
    public void nobodyIsWarned() throws Exception {
        assumeTrue("starts programs of a POSIX system", File.separatorChar == '/');
        TestCertificates certificates = new TestCertificates(folder.newFolder().toPath());
        String said;
        try (HttpTestServer server = new HttpTestServer(certificates.listen())) {
            server.onAnything((request, to) -> to.respond(200, "body"));
            String url = "https://127.0.0.1:" + server.port() + "/page";
            ProcessBuilder builder = TestJvm.of(JvmWarningsTest.class, folder.getRoot().toString(), TestJvm.CLASS_PATH, url)
                    .redirectErrorStream(true);
            builder.environment().put("JAVA_TOOL_OPTIONS", "-Dseen=here");
            Process agent = builder.start();
            said = new String(agent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        String seen = "Picked up JAVA_TOOL_OPTIONS: -Dseen=here";
        assertEquals("each JVM is heard: " + said, 4, said.split(seen, -1).length);
        assertTrue("the function's last words are heard: " + said, said.contains("exit code 3"));
        JvmWarnings.assertNone(said.lines().toList());
    }
}
