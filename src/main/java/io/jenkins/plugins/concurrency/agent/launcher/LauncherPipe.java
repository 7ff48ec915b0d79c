package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.pool.local.ShellReply;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/**
 * Named pipes between the agent and a process behind a launcher: one for its requests, and one for replies if it is a
 * shell that runs tasks. When the connection to the controller breaks, the process has reached the end of its input.
 */
final class LauncherPipe {

    private final FilePath requests;

    /** @param requests the file that becomes the pipe for requests */
    LauncherPipe(FilePath requests) {
        this.requests = requests;
    }

    /**
     * Makes the pipes, and files beside them. From now on requests may be sent; they wait for the process.
     *
     * @param texts of the files, by name
     * @param opening the first request
     */
    void open(Map<String, String> texts, String opening) throws IOException {
        LauncherFiles.act(requests, new Open(new TreeMap<>(texts), opening));
    }

    void send(String line) throws IOException {
        LauncherFiles.act(requests, new Send(line));
    }

    /**
     * Waits for the shell's first reply. Then removes the names of the pipes, because programs that read the
     * files of a folder may wait for ever at a pipe.
     *
     * @param cookie that only the shell has, and not the launcher's client
     */
    Begin begin(ProcessCookie cookie) throws IOException {
        return LauncherFiles.act(requests, new AwaitBegin(cookie.name(), cookie.value()));
    }

    /**
     * Runs a task in the shell and waits for its end.
     *
     * @param request a line
     * @param texts of the files that it needs, by name in the folder
     * @param ends reads the ends of its outputs; {@code null} to leave them
     * @return {@code null} if the shell has ended before it replied
     */
    @CheckForNull
    TaskEnd run(String request, Map<String, String> texts, String folder, @CheckForNull LauncherOutputs.Read ends)
            throws IOException {
        return LauncherFiles.act(requests, new RunTask(request, new TreeMap<>(texts), folder, ends));
    }

    /** Ends the input of the process. */
    void close() throws IOException {
        LauncherFiles.act(requests, new Close());
    }

    /**
     * What is known when a shell has begun.
     *
     * @param line its first reply; {@code null} if it has ended before
     * @param isSeen whether the agent sees its process
     */
    record Begin(@CheckForNull String line, boolean isSeen) implements Serializable {}

    /**
     * How a task ended.
     *
     * @param ends of its outputs, if they were wanted
     */
    record TaskEnd(int exitCode, long cpuMillis, @CheckForNull LauncherOutputs.Part ends) implements Serializable {}

    /**
     * The agent's ends of the pipes. Each is open for both directions: nothing has to wait until the other side has opened
     * it, and a line of the agent ends its own reading when the launcher's client has ended without the shell.
     */
    private static final class AgentEnd extends Channel.Listener {

        private static final Logger LOGGER = Logger.getLogger(AgentEnd.class.getName());

        /** By the path of the requests. */
        private static final Map<String, AgentEnd> OPEN = new ConcurrentHashMap<>();

        private final File name;
        private final RandomAccessFile requests;
        private final RandomAccessFile holder;
        private final FileInputStream replyBytes;
        private final BufferedReader replies;

        @CheckForNull
        private final Channel controller;

        private long cpuMillis;

        private volatile boolean closed;

        private AgentEnd(File name, @CheckForNull Channel controller) throws IOException {
            this.name = name;
            this.controller = controller;
            File out = new File(name.getPath() + LauncherScripts.REPLIES);
            requests = new RandomAccessFile(name, "rw");
            holder = new RandomAccessFile(out, "rw");
            replyBytes = new FileInputStream(out);
            replies = new BufferedReader(new InputStreamReader(replyBytes, StandardCharsets.ISO_8859_1));
        }

        static AgentEnd open(File name, @CheckForNull Channel controller) throws IOException {
            AgentEnd end = new AgentEnd(name, controller);
            OPEN.put(name.getPath(), end);
            if (controller != null) {
                controller.addListener(end);
            }
            return end;
        }

        /** @throws IOException if there is none any more */
        static AgentEnd of(File name) throws IOException {
            AgentEnd end = OPEN.get(name.getPath());
            if (end == null) {
                throw new IOException("the pipe to the process is closed");
            }
            return end;
        }

        void write(String text) throws IOException {
            requests.write(text.getBytes(StandardCharsets.UTF_8));
        }

        /** The next line of the replies; {@code null} if there are no more. */
        @CheckForNull
        private String next() throws IOException {
            try {
                String line = closed ? null : replies.readLine();
                return closed ? null : line;
            } catch (IOException e) {
                if (closed) {
                    return null;
                }
                throw e;
            }
        }

        @CheckForNull
        String begin() throws IOException {
            String line = next();
            hide();
            return line;
        }

        @CheckForNull
        ShellReply reply() throws IOException {
            ShellReply reply = ShellReply.read(this::next, cpuMillis);
            cpuMillis = reply == null ? cpuMillis : reply.cpuMillisAfter();
            return reply;
        }

        private void hide() throws IOException {
            Files.deleteIfExists(name.toPath());
            Files.deleteIfExists(Path.of(name.getPath() + LauncherScripts.REPLIES));
        }

        static void close(File name) throws IOException {
            AgentEnd end = OPEN.remove(name.getPath());
            if (end != null) {
                end.closed = true;
                end.holder.write('\n'); // it could be read now, which closing does not end
                end.requests.close();
                end.holder.close();
                end.replyBytes.close(); // closing the reader would wait for who reads
                end.hide();
                if (end.controller != null) {
                    end.controller.removeListener(end);
                }
            }
        }

        @Override
        public void onClosed(Channel channel, IOException cause) {
            try {
                close(name);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "can't close " + name);
            }
        }
    }

    private static final class Open extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final TreeMap<String, String> texts;
        private final String opening;

        Open(TreeMap<String, String> texts, String opening) {
            this.texts = texts;
            this.opening = opening;
        }

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException, InterruptedException {
            LauncherFiles.write(Files.createDirectories(file.toPath().getParent()), texts);
            Process process = new ProcessBuilder("mkfifo", "-m", "600", file.getPath(), file.getPath() + LauncherScripts.REPLIES)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new IOException("can't make a named pipe in " + file.getParent());
            }
            AgentEnd.open(file, channel instanceof Channel connection ? connection : null).write(opening);
            return null;
        }
    }

    private static final class Send extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final String line;

        Send(String line) {
            this.line = line;
        }

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            AgentEnd.of(file).write(line);
            return null;
        }
    }

    private static final class AwaitBegin extends MasterToSlaveFileCallable<Begin> {

        private static final long serialVersionUID = 1;

        private final String cookie;
        private final String value;

        AwaitBegin(String cookie, String value) {
            this.cookie = cookie;
            this.value = value;
        }

        @Override
        public Begin invoke(File file, VirtualChannel channel) throws IOException {
            String line = AgentEnd.of(file).begin();
            return new Begin(line, !new ProcessCookie(cookie, value).processes().isEmpty());
        }
    }

    private static final class RunTask extends MasterToSlaveFileCallable<TaskEnd> {

        private static final long serialVersionUID = 1;

        private final String request;
        private final TreeMap<String, String> texts;
        private final String folder;

        @CheckForNull
        private final LauncherOutputs.Read ends;

        RunTask(String request, TreeMap<String, String> texts, String folder, @CheckForNull LauncherOutputs.Read ends) {
            this.request = request;
            this.texts = texts;
            this.folder = folder;
            this.ends = ends;
        }

        @Override
        @CheckForNull
        public TaskEnd invoke(File file, VirtualChannel channel) throws IOException {
            LauncherFiles.write(Path.of(folder), texts);
            AgentEnd end = AgentEnd.of(file);
            end.write(request);
            ShellReply reply = end.reply();
            if (reply == null) {
                return null;
            }
            return new TaskEnd(
                    reply.exitCode(),
                    reply.cpuMillis(),
                    ends == null ? null : ends.invoke(new File(folder), channel).get(0));
        }
    }

    private static final class Close extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            AgentEnd.close(file);
            return null;
        }
    }
}
