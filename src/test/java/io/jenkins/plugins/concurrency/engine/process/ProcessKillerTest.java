package io.jenkins.plugins.concurrency.engine.process;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.fixture.Await;
import io.jenkins.plugins.concurrency.fixture.InstalledPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ProcessKillerTest {

    private final ProcessCookie cookie = new ProcessCookie("PROCESS_KILLER_TEST", UUID.randomUUID().toString());

    @Rule
    public final TemporaryFolder directory = new TemporaryFolder();

    @Before
    public void checkMachine() {
        assumeTrue("finds processes through /proc", Files.isDirectory(Path.of("/proc/self")));
    }

    @After
    public void killWhatIsLeft() {
        cookie.processes().forEach(ProcessHandle::destroyForcibly);
    }

    private Process start(String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
        cookie.putInto(builder.environment());
        Process process = builder.start();
        // Its one line says that it is ready.
        process.getInputStream().read();
        return process;
    }

    @Test
    public void whatStartsProcessesUntilTheEndLeavesNone() throws Exception {
        String children = "trap '' TERM; echo; while :; do sleep 0.02 & sleep 5 & sleep 0.01; done";
        Process first = start(children);
        start(children);
        ProcessKiller.kill(first.toHandle(), cookie).toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(List.of(), cookie.processes().stream().filter(ProcessSearch::isRunning).toList());
    }

    @Test(timeout = Await.PATIENCE_SECONDS * 1_000)
    public void whatIsOverBeforeALookComesToItLeavesNone() throws Exception {
        InstalledPrograms.assume("setsid");
        // each starts the next, in a session of its own, and ends at once
        Path next = directory.getRoot().toPath().resolve("next.sh");
        Files.writeString(next, "trap '' TERM HUP; setsid sh " + next + " & exit\n");
        Process first = start("echo; exec sh " + next);
        ProcessKiller.kill(first.toHandle(), cookie).toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        ProcessSearch search = new ProcessSearch(cookie::isIn, List.of());
        assertEquals(Set.of(), wholeLook(search).found());
    }

    @Test
    public void onlyYoungProcessesAreAskedByEachLook() throws Exception {
        Process other = start("echo; read x");
        List<byte[]> asked = new ArrayList<>();
        Predicate<byte[]> count = environment -> cookie.isIn(environment) && !asked.add(environment);
        ProcessSearch search = new ProcessSearch(count, List.of(), Duration.ofDays(100_000));
        search.scan(process -> {});
        search.scan(process -> {});
        assertEquals("while it may still become another program", 2, asked.size());
        search = new ProcessSearch(count, List.of(), Duration.ofDays(-100_000));
        search.scan(process -> {});
        search.scan(process -> {});
        assertEquals(3, asked.size());
        search.forget();
        search.scan(process -> {});
        assertEquals("its id may be another's now", 4, asked.size());
        search = new ProcessSearch(cookie::isIn, List.of(), Duration.ofDays(-100_000));
        search.scan(process -> {});
        assertEquals("what is found is asked again", Set.of(other.toHandle()), search.scan(process -> {}).found());
    }

    @Test(timeout = Await.PATIENCE_SECONDS * 1_000)
    public void aLookIsNotCompleteWhereOneMayHaveStartedAnother() throws Exception {
        // The child ends when its parent is another program, which never hears of it.
        String child = "until grep -q sleep /proc/$PPID/comm; do sleep 0.01; done";
        Process parent = start("sh -c '" + child + "' & echo; exec sleep 1000");
        while (parent.toHandle().children().allMatch(ProcessSearch::isRunning)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        ProcessSearch search = new ProcessSearch(cookie::isIn, List.of());
        assertFalse(search.scan(process -> {}).complete());
        assertEquals(Set.of(parent.toHandle()), wholeLook(search).found());
    }

    private static ProcessSearch.Scan wholeLook(ProcessSearch search) {
        return Stream.generate(() -> search.scan(process -> {}))
                .filter(ProcessSearch.Scan::complete)
                .findFirst()
                .orElseThrow();
    }

    @Test
    public void whatEndsByItselfWhenAskedIsNotForced() throws Exception {
        Process process = start("trap 'exit 7' TERM; echo; sleep 1000 & wait");
        ProcessKiller.kill(process.toHandle(), cookie).toCompletableFuture().get(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertEquals(7, process.waitFor());
        assertEquals(List.of(), cookie.processes().stream().filter(ProcessSearch::isRunning).toList());
    }
}
