package io.jenkins.plugins.concurrency.engine.process;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class ProcessKillerTest {

    private final ProcessCookie cookie = new ProcessCookie("PROCESS_KILLER_TEST", UUID.randomUUID().toString());

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
        ProcessKiller.kill(first.toHandle(), cookie).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(List.of(), cookie.processes().stream().filter(ProcessKiller::isRunning).toList());
    }

    @Test
    public void whatEndsByItselfWhenAskedIsNotForced() throws Exception {
        Process process = start("trap 'exit 7' TERM; echo; sleep 1000 & wait");
        ProcessKiller.kill(process.toHandle(), cookie).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(7, process.waitFor());
        assertEquals(List.of(), cookie.processes().stream().filter(ProcessKiller::isRunning).toList());
    }
}
