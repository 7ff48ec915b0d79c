package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.FilePath;
import hudson.Proc;
import hudson.model.Computer;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import io.jenkins.plugins.concurrency.engine.pool.CommandOptions;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.FunctionChannel;
import io.jenkins.plugins.concurrency.engine.pool.function.JvmCommand;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import jenkins.MasterToSlaveFileCallable;

/**
 * A worker that is started through a launcher. Launchers of containers give processes no standard input, so it gets its
 * requests through a file of the run directory: a named pipe, or a file that they are appended to. A function worker
 * ends when that file is gone.
 */
final class LauncherWorker implements WorkerProcess {

    // Added to the name of the file for requests.
    private static final String STARTER = ".sh";
    private static final String PROGRAM = ".cmd";

    private final LauncherTarget target;
    private final WorkerStart start;
    private final CommandOptions options;
    private final LauncherScripts.Transport transport;
    private final FilePath requests;
    private final LauncherPipe pipe;
    private final LauncherProcess process;
    private final LauncherFiles files;
    private final TailStream errors = new TailStream();

    /** Whether there are the pipes. Guarded by this. */
    private boolean isOpen;

    /** @param transport how a program gets its requests; functions read a file */
    LauncherWorker(
            LauncherTarget target, WorkerStart start, CommandOptions options, LauncherScripts.Transport transport) {
        this.target = target;
        this.start = start;
        this.options = options;
        this.transport = transport;
        this.requests = target.scratch("worker-" + start.number() + "-" + UUID.randomUUID() + ".in");
        this.pipe = new LauncherPipe(requests);
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
            if (isPiped()) {
                open();
            } else {
                target.write(scripts());
                send(start.opening());
            }
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
        FunctionChannel channel = target.shell() == MachineShell.POSIX
                ? FunctionChannel.moved("/bin/sh", requests.getRemote() + STARTER)
                : FunctionChannel.standard();
        // the locale there is not known here
        List<String> charset = List.of(LocalPath.UTF_8);
        FunctionChannel reading = channel.from(requests.getRemote());
        command.addAll(JvmCommand.of(LauncherJava.PROGRAM, charset, classPath, program, reading));
        return command;
    }

    private List<String> command(WorkerStart.Program.Command program) throws IOException {
        if (target.shell() != MachineShell.POSIX) {
            throw new IOException("'worker' needs a POSIX shell here");
        }
        return LauncherScripts.started(
                requests.getRemote() + STARTER,
                requests.getRemote(),
                transport,
                options,
                target.shell().fileCommandLine(program.script(), requests.getRemote() + PROGRAM));
    }

    /** The files that start it, by name. */
    private Map<String, String> scripts() {
        String name = requests.getName();
        return start.program() instanceof WorkerStart.Program.Command program
                ? Map.of(name + STARTER, LauncherScripts.STARTER, name + PROGRAM, program.script().text())
                : Map.of(name + STARTER, FunctionChannel.SCRIPT);
    }

    @Override
    public WorkerFiles files() {
        return files;
    }

    /** What goes into a pipe waits there for the process. */
    @Override
    public void send(String line) throws IOException {
        if (isPiped()) {
            open();
            pipe.send(line);
        } else {
            LauncherFiles.act(requests, new AppendText(line));
        }
    }

    /** A request may come before the process is started. */
    private synchronized void open() throws IOException {
        if (!isOpen) {
            pipe.open(scripts(), start.opening());
            isOpen = true;
        }
    }

    /** The pipes of a program that was started with them. */
    LauncherPipe pipe() {
        return pipe;
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
                () -> LauncherFiles.attempt(isPiped() ? pipe::close : requests::delete));
    }

    /** Appends a text to a file in UTF-8; creates the file if it is missing. */
    private static final class AppendText extends MasterToSlaveFileCallable<Void> {

        private static final long serialVersionUID = 1;

        private final String text;

        AppendText(String text) {
            this.text = text;
        }

        @Override
        public Void invoke(File file, VirtualChannel channel) throws IOException {
            Files.createDirectories(file.toPath().getParent());
            Files.write(
                    file.toPath(), text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return null;
        }
    }
}
