package io.jenkins.plugins.concurrency.agent.launcher;

import hudson.FilePath;
import hudson.Proc;
import hudson.model.Computer;
import hudson.remoting.VirtualChannel;
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
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import jenkins.MasterToSlaveFileCallable;

/**
 * A worker that is started through a launcher. Its requests are appended to a file of the run directory, because
 * launchers of containers give processes no standard input. A function worker ends when that file is gone.
 */
final class LauncherWorker implements WorkerProcess {

    private final LauncherTarget target;
    private final WorkerStart start;
    private final FilePath requests;
    private final LauncherProcess process;
    private final LauncherFiles files;
    private final TailStream errors = new TailStream();

    LauncherWorker(LauncherTarget target, WorkerStart start) {
        this.target = target;
        this.start = start;
        this.requests = target.scratch("worker-" + start.number() + "-" + UUID.randomUUID() + ".in");
        this.files = new LauncherFiles(target.scratch("worker-files"));
        this.process = new LauncherProcess(target, start.worker());
    }

    @Override
    public void listen(Listener listener) {
        Computer.threadPoolForRemoting.execute(() -> run(listener));
    }

    private void run(Listener listener) {
        try {
            files.create();
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
        return JvmCommand.of(LauncherJava.PROGRAM, classPath, program, channel().from(requests.getRemote()));
    }

    private FunctionChannel channel() throws IOException, InterruptedException {
        if (target.shell() != MachineShell.POSIX) {
            return FunctionChannel.standard();
        }
        FilePath script = target.scratch(requests.getName() + ".sh");
        script.write(FunctionChannel.SCRIPT, "UTF-8");
        return FunctionChannel.moved("/bin/sh", script.getRemote());
    }

    /**
     * A program that is no function worker reads its requests from a named pipe. {@code tail} copies them from the file
     * into the pipe.
     */
    private List<String> command(WorkerStart.Program.Command program) throws IOException, InterruptedException {
        if (target.shell() != MachineShell.POSIX) {
            throw new IOException("'worker' needs a POSIX shell here");
        }
        FilePath script = target.scratch(requests.getName() + ".sh");
        script.write(
                "requests=$1\n"
                        + "shift\n"
                        + "mkfifo \"$requests.pipe\"\n"
                        + "tail -n +1 -f \"$requests\" >\"$requests.pipe\" &\n"
                        + "feeder=$!\n"
                        + "code=0\n"
                        + "\"$@\" <\"$requests.pipe\" || code=$?\n"
                        + "kill $feeder\n"
                        + "exit $code\n",
                "UTF-8");
        FilePath worker = target.scratch(requests.getName() + ".cmd");
        worker.write(program.script().text(), "UTF-8");
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.getRemote(), requests.getRemote()));
        command.addAll(target.shell().fileCommandLine(program.script(), worker.getRemote()));
        return command;
    }

    @Override
    public WorkerFiles files() {
        return files;
    }

    @Override
    public void send(String line) throws IOException {
        try {
            requests.act(new AppendText(line));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
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
        if (start.program() instanceof WorkerStart.Program.Command) {
            process.kill(); // nothing tells it of the end of its requests
        }
        Computer.threadPoolForRemoting.execute(() -> LauncherTarget.attempt(requests::delete));
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
            Files.writeString(file.toPath(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return null;
        }
    }
}
