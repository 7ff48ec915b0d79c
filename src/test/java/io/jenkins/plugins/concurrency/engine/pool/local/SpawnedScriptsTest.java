package io.jenkins.plugins.concurrency.engine.pool.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.OutputOptions;
import io.jenkins.plugins.concurrency.engine.pool.OutputReader;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.RunningScript;
import io.jenkins.plugins.concurrency.engine.pool.ScriptSpec;
import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.ProcessSearch;
import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Where there is no shell that could stay up. */
public class SpawnedScriptsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String run = UUID.randomUUID().toString();
    private SpawnedScripts scripts;

    @Before
    public void prepare() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        CommandOptions options = CommandOptions.DEFAULT.with(Map.of("nice", 3, "output", new OutputOptions(1, null, false)));
        scripts = new SpawnedScripts(
                MachineShell.POSIX,
                folder.getRoot().toPath(),
                options,
                ResourceLimits.of(options, warning -> {}),
                TaskEnvironment.ofThisProcess());
    }

    @After
    public void close() {
        if (scripts != null) {
            scripts.close();
        }
    }

    private RunningScript start(String text) throws Exception {
        return scripts.start(new ScriptSpec(
                0, 1, InterpretedScript.of(text, ""), folder.getRoot().toString(), PoolEnvironment.runCookie(run), PoolEnvironment.branchCookie(run, 0),
                OutputReader.NONE));
    }

    private static RunningScript.End end(RunningScript script) throws Exception {
        return script.end().toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void aScriptIsReadByTheProgramOfItsFirstLine() throws Exception {
        assertEquals("#!/bin/cat\nhello $x", end(start("#!/bin/cat\nhello $x")).stdout().text());
    }

    @Test
    public void eachLeadsAProcessGroupAndIsNice() throws Exception {
        InstalledPrograms.assume("setsid", "ps");
        RunningScript.End end = end(start("echo $(ps -o pgid= -p $$) $$ $(nice); exit 3"));
        String[] said = end.stdout().text().strip().split(" ");
        assertEquals(said[0], said[1]);
        assertTrue(said[2], Integer.parseInt(said[2]) >= 3);
        assertEquals(3, end.exitCode());
    }

    @Test
    public void anAbortEndsAllOfIt() throws Exception {
        RunningScript script = start("trap '' TERM; sleep 1000 & (env -i sleep 1000 &); while :; do sleep 1; done");
        script.abort();
        end(script);
        assertEquals(
                List.of(),
                PoolEnvironment.runCookie(run).processes().stream().filter(ProcessSearch::isRunning).toList());
    }

    @Test
    public void anAbortIsToldFromAnEndWithExitCode0() throws Exception {
        Path ready = folder.getRoot().toPath().resolve("ready");
        assertEquals(0, new ProcessBuilder("mkfifo", ready.toString()).start().waitFor());
        RunningScript script = start("trap 'exit 0' TERM; echo >ready; sleep 1000 & wait");
        Files.readString(ready);
        script.abort();
        RunningScript.End end = end(script);
        assertEquals(0, end.exitCode());
        assertEquals(RunningScript.Cause.ABORTED, end.cause());
    }

    @Test
    public void anAbortAfterTheEndChangesNothing() throws Exception {
        RunningScript script = start("true");
        assertEquals(RunningScript.Cause.ITSELF, end(script).cause());
        script.abort();
        assertEquals(RunningScript.Cause.ITSELF, end(script).cause());
    }

    @Test
    public void itsOutputIsBoundedToo() throws Exception {
        assertEquals(RunningScript.Cause.TOO_LARGE, end(start("yes")).cause());
    }
}
