package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** A function worker in a child of this process. A thread of its own reads the answers. */
final class LocalWorker implements WorkerProcess {

    private final WorkerStart start;
    private final Process process;
    private final Path stderr;

    LocalWorker(WorkerStart start, Process process, Path stderr) {
        this.start = start;
        this.process = process;
        this.stderr = stderr;
    }

    @Override
    public void listen(Listener listener) {
        Thread reader = new Thread(() -> read(listener), "function worker " + start.number() + " reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Listener listener) {
        try {
            send(start.opening());
            process.getInputStream().transferTo(listener.answers());
        } catch (IOException e) {
            process.destroyForcibly(); // it is gone, or nobody understands it
        }
        listener.ended(process.onExit().join().exitValue());
    }

    @Override
    public void send(String line) throws IOException {
        OutputStream requests = process.getOutputStream();
        requests.write(line.getBytes(StandardCharsets.UTF_8));
        requests.flush();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public OutputTail errors() throws IOException {
        return OutputTail.read(stderr);
    }

    @Override
    public CompletionStage<Void> kill() {
        return ProcessKiller.kill(process.toHandle(), start.worker());
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly(); // it is gone, or does not listen
        }
    }
}
