package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.pool.PoolSettings;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.lock.SupervisorLiveness;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import io.jenkins.plugins.concurrency.fixture.RunInputs;
import io.jenkins.plugins.concurrency.fixture.TestJvm;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Directories and variables of what runs do on agents that have another locale than one with UTF-8. */
public class AgentLocaleTest {

    private static final String LATIN_1 = "de_DE.ISO-8859-1";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** As the agent: has two runs done, and says what came out, and what the supervisors' logs have. */
    public static void main(String[] args) throws Exception {
        Path workspace = Files.createDirectory(Path.of(args[0], LocalPath.canHave('\u00f6') ? "w\u00f6rk" : "work"));
        String task = "basename \"$PWD\" | od -An -tx1; printf %s \"$GREETING\" | od -An -tx1; echo \"$LC_ALL\"; : {}";
        String function = "[System.getenv('GREETING'), 'printf %s \"$GREETING\" \"$1\" | od -An -tx1', 'gr\u00fcn']"
                + ".with { [it[0], ['sh', '-c', it[1], '_', it[2]].execute().text.trim()].join(' ') }";
        for (PoolSettings settings : List.of(
                new PoolSettings(1, task, null, workspace.toString()), new PoolSettings(1, null, function, workspace.toString()))) {
            RunFiles files = new RunFiles(Files.createTempDirectory(Path.of(args[0]), "run"));
            BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
            String id = UUID.randomUUID().toString();
            files.writeSpec(new RunSpec(id, policy, new WorkSpec.Pool(settings), List.of(), RunLimits.NONE));
            RunInputs.write(files, RunInputs.named("a"));
            Map<String, String> environment = new HashMap<>(System.getenv());
            environment.put("GREETING", "gr\u00fcn");
            SupervisorLauncher.start(files, FollowingSide.settings(List.of(args[1]), null), environment);
            JournalIndex journal = JournalIndex.read(files.journal());
            while (journal.finished() == null && SupervisorLiveness.isAlive(files)) {
                TimeUnit.MILLISECONDS.sleep(20);
                journal.refresh();
            }
            journal.refresh();
            Outcome outcome = journal.outcome(0);
            String said = Files.readString(files.log()) + (outcome.value() == null ? outcome : outcome.value());
            System.out.write((said + "\n").getBytes(StandardCharsets.UTF_8));
        }
        System.out.flush();
    }

    private List<String> agent(Map<String, String> locale) throws Exception {
        ProcessBuilder builder = TestJvm.of(AgentLocaleTest.class, folder.getRoot().toString(), TestJvm.CLASS_PATH);
        builder.environment().putAll(locale);
        Process agent = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader output = agent.inputReader(StandardCharsets.UTF_8)) {
            return output.lines().toList();
        }
    }

    @Test(timeout = Await.PATIENCE_SECONDS * 1_000)
    public void directoriesAndVariablesAreInTheLocalesEncoding() throws Exception {
        assumeTrue("needs a POSIX system", File.separatorChar == '/');
        InstalledPrograms.assume("localedef");
        Path made = folder.newFolder("locales").toPath();
        int status = new ProcessBuilder("localedef", "-c", "-i", "de_DE", "-f", "ISO-8859-1", made.resolve(LATIN_1).toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assumeTrue("skipped: localedef can't make " + LATIN_1 + " here", status == 0);
        String bytes = " 67 72 fc 6e";
        assertEquals(
                "log and values",
                List.of(" 77 f6 72 6b 0a", bytes, LATIN_1, "gr\u00fcn" + bytes + bytes),
                agent(Map.of("LOCPATH", made.toString(), "LC_ALL", LATIN_1)));
    }

    @Test(timeout = Await.PATIENCE_SECONDS * 1_000)
    public void whereTheLocaleHasOnlyAsciiVariablesAreUtf8AndTheLocaleStays() throws Exception {
        InstalledPrograms.assume("locale");
        Process locales = new ProcessBuilder("locale", "-a").start();
        String known = new String(locales.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assumeTrue("there is no locale C.UTF-8", known.lines().anyMatch(name -> name.matches("(?i)c\\.utf-?8")));
        String bytes = " 67 72 c3 bc 6e";
        assertEquals(
                "log and values",
                List.of(" 77 6f 72 6b 0a", bytes, "C", "gr\u00fcn" + bytes + bytes),
                agent(Map.of("LC_ALL", "C")));
    }
}
