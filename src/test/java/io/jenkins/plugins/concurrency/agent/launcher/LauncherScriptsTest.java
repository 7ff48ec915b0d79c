package io.jenkins.plugins.concurrency.agent.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.After;
import org.junit.Test;

public class LauncherScriptsTest {

    private final String value = UUID.randomUUID().toString();
    private final List<Process> started = new ArrayList<>();

    @After
    public void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    /** Starts a shell that says when it has begun. */
    private Process start(String cookie, String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
        new ProcessCookie("COOKIE", cookie).putInto(builder.environment());
        Process process = builder.start();
        started.add(process);
        assertEquals('\n', process.getInputStream().read());
        return process;
    }

    @Test
    public void processesAreFoundByTheirWholeCookieAndEnded() throws Exception {
        assumeTrue("needs /proc", Files.isReadable(Path.of("/proc/self/environ")));
        Process polite = start(value, "echo; exec sleep 1000");
        Process stubborn = start(value, "trap '' TERM; echo; while :; do sleep 1; done");
        Process another = start(value + "0", "echo; exec sleep 1000");
        Process killer = new ProcessBuilder("/bin/sh", "-c", LauncherScripts.KILL, "sh", "COOKIE=" + value)
                .inheritIO()
                .start();
        assertEquals(0, killer.waitFor());
        polite.waitFor();
        stubborn.waitFor();
        assertTrue(another.isAlive());
    }

    @Test
    public void withoutItsProgramsItSaysThatItCanNotLook() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        ProcessBuilder killer = new ProcessBuilder("/bin/sh", "-c", LauncherScripts.KILL, "sh", "COOKIE=" + value);
        killer.environment().put("PATH", "/nowhere");
        assertEquals(2, killer.start().waitFor());
    }
}
