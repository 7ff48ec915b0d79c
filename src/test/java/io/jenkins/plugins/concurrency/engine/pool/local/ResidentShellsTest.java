package io.jenkins.plugins.concurrency.engine.pool.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.HostException;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of a shell that stays up when the world around it changes. */
public class ResidentShellsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String run = UUID.randomUUID().toString();
    private ResidentShells shells;
    private int index;

    @Before
    public void prepare() throws Exception {
        assumeTrue("needs Bash", new File("/bin/bash").canExecute());
        CommandOptions options = CommandOptions.DEFAULT;
        shells = ResidentShells.in(
                folder.newFolder("outputs").toPath(), options, ResourceLimits.of(options, warning -> {}), TaskEnvironment.ofThisProcess());
        assertNotNull("Bash is too old", shells);
    }

    @After
    public void close() {
        if (shells != null) {
            shells.close();
        }
    }

    private RunningScript start(Path directory, String text) throws Exception {
        int next = index++;
        return shells.start(new ScriptSpec(
                next, 1, InterpretedScript.of(text, ""), directory.toString(), PoolEnvironment.runCookie(run), PoolEnvironment.branchCookie(run, next),
                OutputReader.NONE));
    }

    private String output(Path directory, String text) throws Exception {
        return start(directory, text).end().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).stdout().text();
    }

    @Test
    public void aDirectoryThatIsGoneFailsItsTaskAndOneThatIsBackServesTheNext() throws Exception {
        Path directory = folder.newFolder("work").toPath();
        String shell = output(directory, "echo $PPID");
        Files.delete(directory);
        ExecutionException gone = assertThrows(ExecutionException.class, () -> output(directory, "pwd"));
        assertTrue(gone.getCause() instanceof HostException);
        assertTrue(gone.getMessage(), gone.getMessage().contains("there is no directory " + directory));
        Files.createDirectory(directory);
        Files.createFile(directory.resolve("here"));
        assertEquals("here\n", output(directory, "command ls"));
        assertEquals(shell, output(directory, "echo $PPID"));
    }

    @Test
    public void aShellThatDiedWhileIdleCostsNothing() throws Exception {
        Path directory = folder.getRoot().toPath();
        long shell = Long.parseLong(output(directory, "echo $PPID").strip());
        ProcessHandle process = ProcessHandle.of(shell).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals("again\n", output(directory, "echo again"));
    }

    @Test
    public void processesOfATaskThatHideFromTheirCookieEndWithItsGroup() throws Exception {
        assumeTrue("needs Linux", new File("/proc/self/stat").exists());
        Path directory = folder.getRoot().toPath();
        // its parent is gone, its environment is empty, but its group is the task's
        Path pid = directory.resolve("pid");
        assertEquals(0, new ProcessBuilder("mkfifo", pid.toString()).start().waitFor());
        RunningScript script = start(
                directory, "(env -i sh -c 'echo $$ >pid; exec sleep 1000' &); while :; do sleep 1; done");
        ProcessHandle hidden = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        script.abort();
        script.end().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        hidden.onExit().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void aShellThatNeverAnswersIsReplaced() throws Exception {
        assumeTrue("needs Linux", new File("/proc/self/stat").exists());
        Path directory = folder.getRoot().toPath();
        RunningScript script = start(directory, "kill -STOP $PPID; echo $PPID");
        ExecutionException crash = assertThrows(
                ExecutionException.class, () -> script.end().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(crash.getMessage(), crash.getMessage().contains("the shell that ran the command ended"));
        assertEquals("next\n", output(directory, "echo next"));
    }

    @Test
    public void endsAreHeardWhereTheyComeThickAndFast() throws Exception {
        Path directory = folder.getRoot().toPath();
        for (int i = 0; i < 500; i++) {
            int code = i % 2 == 0 ? 3 : 137;
            String text = i % 2 == 0 ? "exit 3" : "kill -9 $$";
            assertEquals(code, start(directory, text).end().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS).exitCode());
        }
    }
}
