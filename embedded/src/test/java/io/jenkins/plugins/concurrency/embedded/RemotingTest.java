package io.jenkins.plugins.concurrency.embedded;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import jenkins.MasterToSlaveFileCallable;
import jenkins.security.MasterToSlaveCallable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** What goes to an agent is copied, as it would be on the way to another process. */
public class RemotingTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Returns what it was sent with. */
    private static final class Echo extends MasterToSlaveFileCallable<Object> {
        private static final long serialVersionUID = 1L;
        private final Object sent;

        Echo(Object sent) {
            this.sent = sent;
        }

        @Override
        public Object invoke(File f, VirtualChannel channel) throws IOException {
            if (sent instanceof String message) {
                throw new IOException(message);
            }
            return sent;
        }
    }

    private FilePath root() {
        return new FilePath(folder.getRoot());
    }

    @Test
    public void whatIsSentIsCopied() throws Exception {
        List<String> sent = new ArrayList<>(List.of("a"));
        Object returned = root().act(new Echo(sent));
        assertEquals(sent, returned);
        assertNotSame(sent, returned);
    }

    @Test
    public void whatCannotTravelIsRefused() {
        assertThrows(NotSerializableException.class, () -> root().act(new Echo(new Object())));
        assertThrows(NotSerializableException.class, () -> root().actAsync(new Echo(new Object())));
    }

    @Test
    public void failuresComeBack() throws Exception {
        assertEquals("gone", assertThrows(IOException.class, () -> root().act(new Echo("gone"))).getMessage());
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> root().actAsync(new Echo("gone")).get());
        assertEquals("gone", failure.getCause().getMessage());
    }

    /** Collects what it is told. */
    public interface Diary {
        void note(List<String> lines);
    }

    private static final class Tell extends MasterToSlaveCallable<Diary, RuntimeException> {
        private static final long serialVersionUID = 1L;
        private final Diary diary;
        private final TaskListener listener;

        Tell(Diary diary, TaskListener listener) {
            this.diary = diary;
            this.listener = listener;
        }

        @Override
        public Diary call() {
            diary.note(List.of("one"));
            listener.getLogger().println("two");
            return diary;
        }
    }

    @Test
    public void exportedObjectsStayHere() throws Exception {
        List<String> notes = new ArrayList<>();
        Diary exported = FilePath.localChannel.export(Diary.class, notes::addAll);
        Diary returned = FilePath.localChannel.call(new Tell(exported, TaskListener.NULL));
        assertEquals(List.of("one"), notes);
        assertEquals(exported, returned);
    }

    @Test
    public void pathsTravel() throws Exception {
        FilePath path = root().child("a/../b");
        Object returned = root().act(new Echo(path));
        assertEquals(path, returned);
        assertEquals(new File(folder.getRoot(), "b").getPath(), path.getRemote());
    }

    @Test
    public void aListenerOfABuildArrivesAsItself() throws Exception {
        File file = folder.newFile();
        BuildLog log = new BuildLog(new ByteArrayOutputStream(), file);
        assertSame(log, root().act(new Echo(log)));
        log.close();
    }

    @Test
    public void filesAreHandled() throws Exception {
        FilePath file = root().child("d/e/f.txt");
        file.write("text", "UTF-8");
        assertEquals("text", file.readToString());
        assertEquals(4, file.length());
        assertTrue(file.lastModified() > 0);
        file.chmod(0640);
        assertEquals(0640, file.mode());
        FilePath copy = root().child("copy");
        copy.copyFrom(file);
        copy.renameTo(root().child("moved"));
        assertEquals(List.of("d", "moved"), root().list().stream().map(FilePath::getName).sorted().toList());
        assertTrue(root().isDescendant("d/../x"));
        assertTrue(!root().isDescendant("../x"));
        root().deleteContents();
        assertEquals(List.of(), root().list());
    }

    @Test
    public void launchersStartProcesses() throws Exception {
        Launcher launcher = root().createLauncher(TaskListener.NULL);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = launcher.launch()
                .cmds("sh", "-c", "echo $A; cat; echo err >&2; exit 3")
                .envs(Map.of("A", "1"))
                .pwd(root())
                .stdin(new java.io.ByteArrayInputStream("in\n".getBytes()))
                .stdout(out)
                .join();
        assertEquals(3, status);
        assertEquals("1\nin\nerr\n", out.toString());
    }

    @Test
    public void processesCanBeTalkedTo() throws Exception {
        Proc proc = root().createLauncher(TaskListener.NULL)
                .decorateByEnv(new EnvVars("GREETING", "hello"))
                .launch()
                .cmds("sh", "-c", "read line; echo $GREETING $line")
                .quiet(true)
                .writeStdin()
                .readStdout()
                .start();
        try (Writer in = new OutputStreamWriter(proc.getStdin())) {
            in.write("you\n");
        }
        assertEquals("hello you\n", new String(proc.getStdout().readAllBytes()));
        assertEquals(0, proc.join());
    }

    @Test
    public void launchersKillWhatCarriesTheVariables() throws Exception {
        Launcher launcher = root().createLauncher(TaskListener.NULL);
        String cookie = "cookie-" + System.nanoTime();
        Proc proc = launcher.launch().cmds("sleep", "1000").envs("COOKIE=" + cookie).quiet(true).start();
        launcher.kill(Map.of("COOKIE", cookie));
        assertEquals(128 + 15, proc.join());
    }

    @Test
    public void theCommandIsShownWithoutWhatIsMasked() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream logger = new PrintStream(log, true);
        TaskListener listener = () -> logger;
        root().createLauncher(listener).launch().cmds("echo", "secret").masks(false, true).join();
        assertEquals("$ echo ********\n", log.toString());
    }
}
