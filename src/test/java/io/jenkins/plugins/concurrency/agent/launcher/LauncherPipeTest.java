package io.jenkins.plugins.concurrency.agent.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import hudson.FilePath;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LauncherPipeTest {

    private static final long PATIENCE_SECONDS = 60;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ProcessCookie cookie = PoolEnvironment.workerCookie();
    private final ProcessCookie inside = new ProcessCookie(LauncherScripts.INSIDE, cookie.value());
    private final List<Process> started = new ArrayList<>();

    private File requests;
    private LauncherPipe pipe;

    @Before
    public void open() throws Exception {
        assumeTrue("needs named pipes", File.separatorChar == '/');
        requests = new File(folder.getRoot(), "shell.in");
        pipe = new LauncherPipe(new FilePath(requests));
        pipe.open(Map.of(requests.getName() + ".cmd", LauncherScripts.TASKS), "begin\n");
    }

    @After
    public void endAll() throws Exception {
        started.forEach(Process::destroyForcibly);
        if (pipe != null) {
            pipe.close();
        }
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        cookie.putInto(builder.environment());
        builder.environment().put(PoolEnvironment.FILES, folder.getRoot().getPath());
        Process process = builder.start();
        started.add(process);
        assertEquals("it has begun", '\n', process.getInputStream().read());
        return process;
    }

    @Test
    public void aShellBehindTheStarterIsSeenAndRunsTasks() throws Exception {
        assumeTrue("needs /proc", Files.isReadable(Path.of("/proc/self/environ")));
        start("/bin/sh", "-c", LauncherScripts.STARTER, "sh", requests.getPath(), "pipe", "0", "0", "/bin/sh", requests + ".cmd");
        LauncherPipe.Begin begin = pipe.begin(inside);
        assertTrue(begin.isSeen());
        assumeTrue("needs setsid", LauncherScripts.SESSIONS.equals(begin.line()));
        String request = "7 x/7 /bin/sh -c 'env | grep -c -e " + LauncherScripts.INSIDE + " -e " + PoolEnvironment.WORKER + "; exit 3'\n";
        LauncherPipe.TaskEnd end = pipe.run(request, Map.of(), folder.getRoot().getPath(), null);
        assertNotNull(end);
        assertEquals(3, end.exitCode());
        assertEquals("tasks get neither variable", List.of("0"), Files.readAllLines(folder.getRoot().toPath().resolve("7.out")));
    }

    @Test
    public void theClientOfALauncherIsNotTakenForItsShell() throws Exception {
        start("/bin/sh", "-c", "echo; exec sleep 1000");
        try (RandomAccessFile shell = new RandomAccessFile(requests + LauncherScripts.REPLIES, "rw")) {
            shell.writeBytes(LauncherScripts.SESSIONS + "\n");
            LauncherPipe.Begin begin = pipe.begin(inside);
            assertEquals(LauncherScripts.SESSIONS, begin.line());
            assertFalse(begin.isSeen());
        }
    }

    @Test
    public void nobodyWaitsForAShellThatNobodyCanEnd() throws Exception {
        try (RandomAccessFile shell = new RandomAccessFile(requests + LauncherScripts.REPLIES, "rw");
                FileInputStream input = new FileInputStream(requests)) {
            shell.writeBytes(LauncherScripts.SESSIONS + "\n");
            pipe.begin(inside);
            FutureTask<LauncherPipe.TaskEnd> task =
                    new FutureTask<>(() -> pipe.run("0 x/0 true\n", Map.of(), folder.getRoot().getPath(), null));
            Thread waiting = new Thread(task);
            waiting.start();
            for (char expected : "begin\n0".toCharArray()) {
                assertEquals("the request is there", expected, input.read());
            }
            Await.until("a thread that reads replies", () -> Stream.of(waiting.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("readBytes")));
            pipe.close();
            assertNull(task.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }
}
