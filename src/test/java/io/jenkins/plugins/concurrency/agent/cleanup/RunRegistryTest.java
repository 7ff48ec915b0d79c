package io.jenkins.plugins.concurrency.agent.cleanup;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RunRegistryTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path directory;

    @Before
    public void chooseDirectory() {
        directory = folder.getRoot().toPath().resolve("concurrency-steps/runs");
    }

    private RunRegistry restarted() {
        return new RunRegistry(directory);
    }

    private static RunRegistration run(String id) {
        return new RunRegistration(id, "agent 1", "C:\\ws@tmp\\" + id, "a/b#3", RunRegistration.State.WANTED, 4711);
    }

    @Test
    public void whatIsPutIsThereAfterARestartUntilItIsRemoved() throws IOException {
        RunRegistry registry = restarted();
        assertTrue(registry.isEmpty());
        registry.put(run("one"));
        registry.put(run("two"));
        registry.put(run("one").with(RunRegistration.State.ABANDONED));
        assertEquals(
                Set.of(run("one").with(RunRegistration.State.ABANDONED), run("two")), Set.copyOf(restarted().all()));
        RunRegistration one = seen(registry, "one");
        registry.remove(one);
        registry.remove(one);
        registry.remove(run("unknown"));
        assertEquals(List.of(run("two")), registry.all());
        assertEquals(List.of(run("two")), restarted().all());
        registry.remove(seen(registry, "two"));
        assertTrue(restarted().isEmpty());
    }

    private static RunRegistration seen(RunRegistry registry, String id) {
        return registry.all().stream().filter(run -> run.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    public void aRunThatIsPutWhileItIsRemovedStays() throws IOException {
        RunRegistry registry = restarted();
        registry.put(run("one"));
        RunRegistration before = seen(registry, "one");
        registry.put(run("one")); // the agent has it only now
        registry.remove(before);
        assertEquals(List.of(run("one")), registry.all());
        assertEquals(List.of(run("one")), restarted().all());
    }

    @Test
    public void damagedFilesAreRemovedAndTheOthersRead() throws IOException {
        restarted().put(run("good"));
        for (String damaged : List.of("", "{", "[]", "{\"id\":\"x\"}", "\0\0\0\0")) {
            Files.writeString(directory.resolve("bad" + damaged.length() + ".json"), damaged);
        }
        Files.copy(directory.resolve("good.json"), directory.resolve("other.json"));
        Files.copy(directory.resolve("good.json"), directory.resolve("killed.partial"));
        String stateless = Files.readString(directory.resolve("good.json")).replace("wanted", "wnated");
        Files.writeString(directory.resolve("stateless.json"), stateless);
        assertEquals(List.of(run("good")), restarted().all());
        try (var files = Files.list(directory)) {
            assertEquals("so that nobody reads them again", 1, files.count());
        }
    }

    @Test
    public void whatCantBeReadIsKept() throws IOException {
        restarted().put(run("good"));
        Path unreadable = Files.createDirectory(directory.resolve("other.json"));
        assertEquals(List.of(run("good")), restarted().all());
        assertTrue(Files.exists(unreadable));
    }

    @Test
    public void anIdThatCouldLeadElsewhereIsNone() throws IOException {
        restarted().put(run("good"));
        String elsewhere = Files.readString(directory.resolve("good.json")).replace("\"good\"", "\"../good\"");
        Files.writeString(directory.resolve("good.json"), elsewhere);
        assertTrue(restarted().isEmpty());
        assertFalse(Files.exists(directory.resolve("good.json")));
    }
}
