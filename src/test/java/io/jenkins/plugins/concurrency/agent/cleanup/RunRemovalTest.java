package io.jenkins.plugins.concurrency.agent.cleanup;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.agent.PrepareRunDirectory;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.file.BodyStorage;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.run.RunFiles;
import io.jenkins.plugins.concurrency.engine.run.RunLimits;
import io.jenkins.plugins.concurrency.engine.run.RunSpec;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import io.jenkins.plugins.concurrency.engine.run.file.AttemptFile;
import io.jenkins.plugins.concurrency.engine.schedule.BranchSettings;
import io.jenkins.plugins.concurrency.engine.schedule.RetryPolicy;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What an agent does about runs whose supervisors are dead, with real processes. */
public class RunRemovalTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Process> processes = new ArrayList<>();
    private final String id = UUID.randomUUID().toString();
    private Path all;
    private Path workspace;
    private Path directory;

    @Before
    public void makeRun() throws IOException {
        workspace = folder.newFolder("ws").toPath();
        all = folder.newFolder("ws@tmp", "concurrency").toPath();
        directory = run(id);
    }

    @After
    public void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    private Path run(String runId) throws IOException {
        Path made = Files.createDirectories(all.resolve(runId));
        Files.writeString(made.resolve("journal.ndjson"), "{\"started\":\"" + runId + "\",\"pid\":1}\n");
        Files.createDirectories(made.resolve("output"));
        Files.writeString(made.resolve("output").resolve("0.out"), "some output");
        return made;
    }

    private static void age(Path run, Duration age) throws IOException {
        FileTime time = FileTime.from(Instant.now().minus(age));
        try (var files = Files.list(run)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, time);
            }
        }
        Files.setLastModifiedTime(run, time);
    }

    private Process leftOver(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(new File("/dev/null"));
        PoolEnvironment.runCookie(id).putInto(builder.environment());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private RunRegistration registered(RunRegistration.State state) {
        return new RunRegistration(id, "", directory.toString(), "job#1", state, 0);
    }

    @Test
    public void ofADeadRunNothingIsLeft() throws Exception {
        RunFiles files = new RunFiles(directory);
        BodyStorage storage = new BodyStorage(workspace.toString(), "pages", 0);
        BranchSettings policy = new BranchSettings(false, RetryPolicy.none(), Duration.ZERO);
        files.writeSpec(new RunSpec(
                id, policy, new WorkSpec.Fetch(FetchSettings.standard(storage), null), List.of(), RunLimits.NONE));
        Files.writeString(files.branches(), "{\"name\":\"a\",\"url\":\"http://localhost/a\",\"file\":\"deep/a\"}\n");
        try (AttemptFile attempts = new AttemptFile(files.attempts())) {
            attempts.begun(0, 1);
        }
        Path partial = Files.createDirectories(workspace.resolve("pages/deep")).resolve("." + id + "-0.part");
        Files.writeString(partial, "half a pa");
        Path another = Files.createFile(workspace.resolve("." + UUID.randomUUID() + "-0.part"));
        Process polite = leftOver("sleep", "1000");
        Process stubborn = leftOver("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done");
        long before = System.nanoTime();
        assertEquals(List.of(id), new RunRemoval(List.of(registered(RunRegistration.State.WANTED))).call());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        System.out.println("left-over processes and files were removed in " + millis + " ms");
        assertTrue(millis + " ms", millis < 5_000);
        assertTrue(polite.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(stubborn.waitFor(Await.PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertFalse(Files.exists(directory));
        assertFalse(Files.exists(partial));
        assertTrue("another run's", Files.exists(another));
    }

    @Test
    public void ofARunThatEndedInOrderOnlyTheDirectoryIsRemoved() throws Exception {
        Process daemon = leftOver("sleep", "1000");
        assertEquals(List.of(id), new RunRemoval(List.of(registered(RunRegistration.State.ENDED))).call());
        assertFalse(Files.exists(directory));
        assertTrue("its supervisor has ended its processes, this one can't be one", daemon.isAlive());
    }

    @Test
    public void aRunThatNeverCameToTheAgentIsRemovedToo() {
        RunRegistration missing =
                new RunRegistration("x", "", all.resolve("x").toString(), "job#1", RunRegistration.State.ABANDONED, 0);
        assertEquals(List.of("x"), new RunRemoval(List.of(missing)).call());
    }

    /** As if a supervisor had just been started for the run. */
    private static void begin(Path run) throws IOException {
        Files.writeString(
                run.resolve("supervisor.starting"), ProcessHandle.current().pid() + " " + System.currentTimeMillis());
    }

    @Test
    public void aRunThatIsHandedOverTwiceIsLeftToItsSupervisor() throws Exception {
        byte[] fromController = new byte[0];
        PrepareRunDirectory prepare = new PrepareRunDirectory(Set.of(), Map.of("journal.ndjson", fromController));
        begin(directory);
        String journal = Files.readString(directory.resolve("journal.ndjson"));
        assertFalse(prepare.invoke(directory.toFile(), null));
        assertEquals(journal, Files.readString(directory.resolve("journal.ndjson")));
        Files.delete(directory.resolve("supervisor.starting"));
        assertTrue(prepare.invoke(directory.toFile(), null));
        assertEquals("", Files.readString(directory.resolve("journal.ndjson")));
    }

    @Test
    public void oldDirectoriesThatNobodyKnowsAreRemoved() throws Exception {
        age(directory, Duration.ofDays(8));
        Path known = run("known");
        age(known, Duration.ofDays(8));
        Path young = run("young");
        age(young, Duration.ofDays(6));
        Path alive = run("alive");
        begin(alive);
        age(alive, Duration.ofDays(8));
        Path foreign = Files.createDirectories(all.resolve("not.a.run"));
        age(foreign, Duration.ofDays(8));
        new PrepareRunDirectory(Set.of("known"), Map.of()).invoke(all.resolve("new").toFile(), null);
        assertFalse(Files.exists(directory));
        for (Path kept : List.of(known, young, alive, foreign, all.resolve("new"))) {
            assertTrue(kept.toString(), Files.isDirectory(kept));
        }
    }
}
