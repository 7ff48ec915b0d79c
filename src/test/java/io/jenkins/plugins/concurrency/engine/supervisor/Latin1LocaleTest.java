package io.jenkins.plugins.concurrency.engine.supervisor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.journal.JournalIndex;
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
import java.io.File;
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

/** Directories and variables of commands on an agent whose locale has Latin-1. */
public class Latin1LocaleTest {

    private static final String LOCALE = "de_DE.ISO-8859-1";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** As the agent: has a run done, and says what came out. */
    public static void main(String[] args) throws Exception {
        Path workspace = Files.createDirectory(Path.of(args[0], "w\u00f6rk"));
        RunFiles files = new RunFiles(Files.createDirectory(Path.of(args[0], "run")));
        String task = "basename \"$PWD\" | od -An -tx1; printf %s \"$GREETING\" | od -An -tx1; : {}";
        PoolSettings settings = new PoolSettings(1, task, null, workspace.toString());
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
        System.out.println(Files.readString(files.log()) + journal.outcome(0).value());
    }

    @Test(timeout = Await.PATIENCE_SECONDS * 1_000)
    public void directoriesAndVariablesAreInTheLocalesEncoding() throws Exception {
        assumeTrue("needs a POSIX system", File.separatorChar == '/');
        InstalledPrograms.assume("localedef");
        Path made = folder.newFolder("locales").toPath();
        int status = new ProcessBuilder("localedef", "-c", "-i", "de_DE", "-f", "ISO-8859-1", made.resolve(LOCALE).toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assumeTrue("skipped: localedef can't make " + LOCALE + " here", status == 0);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Latin1LocaleTest.class.getName(),
                folder.getRoot().toString(),
                classPath);
        builder.environment().put("LOCPATH", made.toString());
        builder.environment().put("LC_ALL", LOCALE);
        Process agent = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> said = agent.inputReader().lines().toList();
        assertEquals(List.of(" 77 f6 72 6b 0a", " 67 72 fc 6e"), said);
    }
}
