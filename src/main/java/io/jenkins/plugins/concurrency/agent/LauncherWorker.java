package io.jenkins.plugins.concurrency.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.Proc;
import hudson.model.Computer;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.pool.function.WorkerCommand;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * A function worker that is started through a launcher. Its requests are appended to a file of the run directory, since
 * launchers into containers give their processes no standard input; without that file it ends.
 */
final class LauncherWorker implements WorkerProcess {

    private final LauncherHost host;
    private final WorkerStart start;
    private final FilePath requests;
    private final LauncherProcess process;
    private final TailStream errors = new TailStream();

    LauncherWorker(@NonNull LauncherHost host, @NonNull WorkerStart start) {
        this.host = host;
        this.start = start;
        this.requests = host.scratch("worker-" + start.number() + "-" + UUID.randomUUID() + ".in");
        this.process = new LauncherProcess(host, start.worker());
    }

    @Override
    public void listen(Listener listener) {
        Computer.threadPoolForRemoting.execute(() -> run(listener));
    }

    private void run(Listener listener) {
        try {
            send(start.opening());
            listener.ended(process.run(() -> start(listener)));
        } catch (IOException | RuntimeException e) {
            listener.failed(host.explain("can't start a worker through the launcher", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listener.failed(new IOException("interrupted", e));
        } catch (Error e) {
            listener.failed(new IOException(e));
            throw e;
        }
    }

    private Proc start(Listener listener) throws IOException, InterruptedException {
        String separator = host.pathSeparator();
        List<String> command =
                new ArrayList<>(WorkerCommand.of(LauncherJava.PROGRAM, String.join(separator, host.classPath()), start.workers()));
        command.add(requests.getRemote());
        return host.prepare(command, start.directory(), List.of(start.run(), start.worker()))
                .stdout(listener.answers())
                .stderr(errors)
                .start();
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
        Computer.threadPoolForRemoting.execute(() -> LauncherHost.attempt(requests::delete));
    }
}
