package io.jenkins.plugins.concurrency.agent.launcher;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Proc;
import hudson.model.Computer;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionChannel;
import io.jenkins.plugins.concurrency.engine.pool.function.JvmCommand;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.MasterToSlaveFileCallable;

/**
 * A worker that is started through a launcher. Launchers of containers give processes no standard input, so it gets its
 * requests through a file of the run directory: a named pipe, or a file that they are appended to. A function worker
 * ends when that file is gone.
 */
final class LauncherWorker implements WorkerProcess {

    private static final Logger LOGGER = Logger.getLogger(LauncherWorker.class.getName());

    private final LauncherTarget target;
    private final WorkerStart start;
    private final CommandOptions options;
    private final LauncherScripts.Transport transport;
    private final FilePath requests;
    private final LauncherProcess process;
    private final LauncherFiles files;
    private final TailStream errors = new TailStream();

    /** @param transport how a program gets its requests; functions read a file */
    LauncherWorker(
            LauncherTarget target, WorkerStart start, CommandOptions options, LauncherScripts.Transport transport) {
        this.target = target;
        this.start = start;
        this.options = options;
        this.transport = transport;
        this.requests = target.scratch("worker-" + start.number() + "-" + UUID.randomUUID() + ".in");
        this.files = target.files();
        this.process = new LauncherProcess(target, start.worker());
    }

    private boolean isPiped() {
        return transport == LauncherScripts.Transport.PIPE && start.program() instanceof WorkerStart.Program.Command;
    }

    @Override
    public void listen(Listener listener) {
        Computer.threadPoolForRemoting.execute(() -> run(listener));
    }

    private void run(Listener listener) {
        try {
            files.create();
            if (isPiped()) {
                requests.act(new OpenPipe());
            }
            send(start.opening());
            listener.ended(process.run(() -> start(listener)).exitCode());
        } catch (IOException | RuntimeException e) {
            listener.failed(target.explain("can't start a worker through the launcher", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listener.failed(new IOException("interrupted", e));
        } catch (Error e) {
            listener.failed(new IOException(e));
            throw e;
        }
    }

    private Proc start(Listener listener) throws IOException, InterruptedException {
        List<String> command = start.program() instanceof WorkerStart.Program.Functions functions
                ? functions(functions)
                : command((WorkerStart.Program.Command) start.program());
        return target.prepare(command, start.directory(), List.of(start.run(), start.worker(), files.cookie()))
                .stdout(listener.answers())
                .stderr(errors)
                .start();
    }

    private List<String> functions(WorkerStart.Program.Functions program) throws IOException, InterruptedException {
        String classPath = String.join(target.pathSeparator(), target.classPath());
        List<String> command = new ArrayList<>(LauncherScripts.nice(options));
        command.addAll(JvmCommand.of(LauncherJava.PROGRAM, classPath, program, channel().from(requests.getRemote())));
        return command;
    }

    private FunctionChannel channel() throws IOException, InterruptedException {
        if (target.shell() != MachineShell.POSIX) {
            return FunctionChannel.standard();
        }
        FilePath script = target.scratch(requests.getName() + ".sh");
        script.write(FunctionChannel.SCRIPT, "UTF-8");
        return FunctionChannel.moved("/bin/sh", script.getRemote());
    }

    private List<String> command(WorkerStart.Program.Command program) throws IOException {
        if (target.shell() != MachineShell.POSIX) {
            throw new IOException("'worker' needs a POSIX shell here");
        }
        String starter = requests.getName() + ".sh";
        String worker = requests.getName() + ".cmd";
        Map<String, String> scripts = new LinkedHashMap<>();
        scripts.put(starter, LauncherScripts.STARTER);
        scripts.put(worker, program.script().text());
        target.write(scripts);
        return LauncherScripts.started(
                target.scratch(starter).getRemote(),
                requests.getRemote(),
                transport,
                options,
                target.shell().fileCommandLine(program.script(), target.scratch(worker).getRemote()));
    }

    @Override
    public WorkerFiles files() {
        return files;
    }

    @Override
    public void send(String line) throws IOException {
        send(line, Map.of());
    }

    /**
     * Sends a line after files have been written. What goes into a pipe waits there for the process.
     *
     * @param texts of the files, by their names in the folder of {@link #files}; none before the process has begun
     */
    void send(String line, Map<String, String> texts) throws IOException {
        LauncherTarget.act(requests, new Send(line, isPiped(), new LinkedHashMap<>(texts), files.folder()));
    }

    /** Called when the process has begun to read. */
    void begun() {
        Computer.threadPoolForRemoting.execute(() -> LauncherTarget.attempt(() -> {
            if (requests.act(new Sees(start.worker().name(), start.worker().value()))) {
                target.seesProcesses();
            }
        }));
    }

    @Override
    public boolean isAlive() {
        return !process.isOver();
    }

    @Override
    public OutputTail errors() {
        return errors.tail();
    }

    @Override
    public CompletionStage<Void> kill() {
        return process.kill();
    }

    @Override
    public void close() {
        if (start.program() instanceof WorkerStart.Program.Command && !isPiped()) {
            process.kill(); // nothing tells it of the end of its requests
        }
        Computer.threadPoolForRemoting.execute(
                () -> LauncherTarget.attempt(isPiped() ? () -> requests.act(new ClosePipe()) : requests::delete));
    }

    /**
     * The agent's end of a named pipe. It is open for reading too, so nothing waits for the other end. When it is closed,
     * or the connection to the controller breaks, the other end has reached the end of its input.
     */
    private static final class AgentPipe extends Channel.Listener {

        /** By path. */
        private static final Map<String, AgentPipe> OPEN = new ConcurrentHashMap<>();

        private final File name;
        private final RandomAccessFile end;
        @CheckForNull
        private final Channel controller;


        private AgentPipe(File name, @CheckForNull Channel controller) throws IOException {
            this.name = name;
            this.end = new RandomAccessFile(name, "rw");
            this.controller = controller;
        }

        static void open(File name, @CheckForNull Channel controller) throws IOException {
            AgentPipe pipe = new AgentPipe(name, controller);
            OPEN.put(name.getPath(), pipe);
            if (controller != null) {
                controller.addListener(pipe);
            }
        }

        /** @throws IOException if there is none any more */
        static void write(File name, String text) throws IOException {
            AgentPipe pipe = OPEN.get(name.getPath());
            if (pipe == null) {
                throw new IOException("the pipe to the process is closed");
            }
            pipe.end.write(text.getBytes(StandardCharsets.UTF_8));
        }

        static void close(File name) throws IOException {
            AgentPipe pipe = OPEN.remove(name.getPath());
            if (pipe != null) {
                pipe.end.close();
                if (pipe.controller != null) {
                    pipe.controller.removeListener(pipe);
                }
            }
            Files.deleteIfExists(name.toPath());
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

    /** Makes a named pipe and opens it, as long as the controller is connected. */
    private static final class OpenPipe extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException, InterruptedException {
            Process process = new ProcessBuilder("mkfifo", "-m", "600", file.getPath())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new IOException("can't make a named pipe in " + file.getParent());
            }
            AgentPipe.open(file, channel instanceof Channel connection ? connection : null);
            return null;
        }
    }

    /** Tells whether the agent sees a process with a cookie. */
    private static final class Sees extends MasterToSlaveFileCallable<Boolean> {

        private static final long serialVersionUID = 1;

        private final String cookie;
        private final String value;

        Sees(String cookie, String value) {
            this.cookie = cookie;
            this.value = value;
        }

        @Override
        public Boolean invoke(File anywhere, VirtualChannel channel) {
            return !new ProcessCookie(cookie, value).processes().isEmpty();
        }
    }

    /** Ends the input of the process at the other end of a pipe. */
    private static final class ClosePipe extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            AgentPipe.close(file);
            return null;
        }
    }

    /** Writes files, and then a text in UTF-8 into a pipe or to the end of a file, which is created if it is missing. */
    private static final class Send extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final String text;
        private final boolean isPiped;
        private final LinkedHashMap<String, String> files;
        private final String folder;

        Send(String text, boolean isPiped, LinkedHashMap<String, String> files, String folder) {
            this.text = text;
            this.isPiped = isPiped;
            this.files = files;
            this.folder = folder;
        }

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            for (Map.Entry<String, String> written : files.entrySet()) {
                Files.writeString(Path.of(folder, written.getKey()), written.getValue());
            }
            if (isPiped) {
                if (!files.isEmpty()) {
                    // Programs that only remove or read the files of a folder may wait for ever at a pipe.
                    Files.deleteIfExists(file.toPath());
                }
                AgentPipe.write(file, text);
            } else {
                Files.createDirectories(file.toPath().getParent());
                Files.writeString(file.toPath(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            return null;
        }
    }
}
