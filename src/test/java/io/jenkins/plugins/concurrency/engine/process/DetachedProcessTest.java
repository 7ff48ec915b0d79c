package io.jenkins.plugins.concurrency.engine.process;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.fixture.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DetachedProcessTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static final String INPUT = "told\n";

    private Path directory;
    private Path pipe;

    @Before
    public void prepare() throws Exception {
        assumeTrue("looks at processes through /proc", Files.isDirectory(Path.of("/proc/self")));
        directory = folder.newFolder("it's a \"folder\"").toPath();
        pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    }

    private Path announcement() {
        return directory.resolve("announcement");
    }

    private Path log() {
        return directory.resolve("log");
    }

    private void start(Map<String, String> environment, String... command) throws IOException {
        DetachedProcess.local()
                .start(new DetachedProcess.Launch(
                        List.of(command), directory, environment, INPUT.getBytes(), log(), announcement()));
    }

    private long announced() throws IOException {
        return Long.parseLong(Files.readString(announcement()).split(" ")[0]);
    }

    @Test
    public void whatIsStartedHasASessionOfItsOwnAndIsNoChild() throws Exception {
        start(System.getenv(), "/bin/sh", "-c", "cat /proc/$$/stat /proc/$$/status > pipe");
        String[] lines = Files.readString(pipe).split("\n");
        // Behind the name, which is in parentheses: state, parent, group, session.
        String[] stat = lines[0].substring(lines[0].lastIndexOf(')') + 2).split(" ");
        long pid = announced();
        assertEquals(pid + "", lines[0].split(" ")[0]);
        assertNotEquals("the parent", ProcessHandle.current().pid() + "", stat[1]);
        assertEquals("the session", pid + "", stat[3]);
        // What this process was started with, it can't take back.
        String here = Files.readString(Path.of("/proc/self/status"));
        assertEquals("SIGINT is ignored", ignoresInterrupts(here.lines()), ignoresInterrupts(Arrays.stream(lines)));
    }

    private static boolean ignoresInterrupts(Stream<String> status) {
        String ignored = status.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
        long sigint = 1L << 1;
        return (Long.parseUnsignedLong(ignored.split("\t")[1], 16) & sigint) != 0;
    }

    @Test
    public void nothingOfItIsLeftToThisProcess() throws Exception {
        start(System.getenv(), "/bin/sh", "-c", "echo $$ > pipe; exit 3");
        long pid = Long.parseLong(Files.readString(pipe).strip());
        List<Long> children = ProcessHandle.current().children().map(ProcessHandle::pid).toList();
        assertFalse("as a zombie neither", children.contains(pid));
        assertTrue("the starter is gone as well: " + children, children.stream().noneMatch(DetachedProcessTest::isShell));
    }

    private static boolean isShell(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).contains("(sh)");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    public void argumentsAndEnvironmentArriveAsTheyAre() throws Exception {
        String odd = "a  'b' \"c\" $HOME `id` \\ *\nd ";
        Map<String, String> environment = new HashMap<>(Map.of("ODD", odd, "PATH", System.getenv("PATH")));
        start(environment, "/bin/sh", "-c", "printf '%s|' \"$ODD\" \"$@\" > pipe", "sh", odd, "");
        assertEquals(odd + "|" + odd + "||", Files.readString(pipe));
        start(environment, "dd", "status=none", "if=/proc/self/environ", "of=pipe");
        List<String> variables = List.of(Files.readString(pipe).split("\0"));
        assertTrue(variables.toString(), variables.contains("ODD=" + odd));
        assertTrue("the shells' own are not there", variables.stream().noneMatch(v -> v.matches("(OLD)?PWD=.*")));
    }

    @Test
    public void whatItSaysGoesBehindTheLog() throws Exception {
        Files.writeString(log(), "before\n");
        start(System.getenv(), "/bin/sh", "-c", "echo out; echo err >&2; echo > pipe");
        Files.readString(pipe);
        assertEquals("before\nout\nerr\n", Files.readString(log()));
    }

    @Test
    public void itReadsWhatItIsToldAndNoMore() throws Exception {
        start(System.getenv(), "/bin/sh", "-c", "cat > pipe");
        assertEquals(INPUT, Files.readString(pipe));
    }

    @Test
    public void aProgramThatIsNotThereIsToldInTheLog() throws Exception {
        start(System.getenv(), directory.resolve("no-java").toString());
        Await.until("its end", () -> ProcessHandle.of(announced()).filter(ProcessSearch::isRunning).isEmpty());
        assertTrue(Files.readString(log()), Files.readString(log()).contains("no-java: not found"));
    }

    @Test
    public void aLogOrAnnouncementThatCannotBeWrittenIsToldAtOnce() throws Exception {
        Files.createDirectory(log());
        IOException noLog = assertThrows(IOException.class, () -> start(System.getenv(), "true"));
        assertTrue(noLog.getMessage(), noLog.getMessage().contains("log"));
        assertFalse(noLog.getMessage(), noLog.getMessage().contains("\n"));
        Files.delete(log());
        Files.delete(announcement());
        Files.createSymbolicLink(announcement(), Path.of("/dev/full"));
        IOException full = assertThrows(IOException.class, () -> start(System.getenv(), "true"));
        assertTrue(full.getMessage(), full.getMessage().contains("No space left on device")
                || full.getMessage().contains("I/O error"));
    }
}
