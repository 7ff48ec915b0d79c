package io.jenkins.plugins.concurrency.engine.pool.local;

import io.jenkins.plugins.concurrency.engine.pool.ResourceUsage;
import io.jenkins.plugins.concurrency.engine.pool.WorkerFiles;
import io.jenkins.plugins.concurrency.engine.pool.WorkerProcess;
import io.jenkins.plugins.concurrency.engine.pool.WorkerStart;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import io.jenkins.plugins.concurrency.engine.process.ProcessTimes;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A worker in a child of this process. One thread reads its answers, one its standard error, and one waits for its end.
 * When it ends, the processes that it has started are ended too: otherwise they would continue, and might keep the
 * streams open.
 */
final class LocalWorker implements WorkerProcess {

    /** How long to wait for the rest of standard error, which says why the process ended. */
    private static final long ERRORS_MILLIS = 1_000;

    private static final long LOOK_MILLIS = 100;
    private static final int MAX_LOOKS = 20;

    private final WorkerStart start;
    private final Process process;
    private final WorkerFiles files;
    private final TailStream errors = new TailStream();

    LocalWorker(WorkerStart start, Process process, WorkerFiles files) {
        this.start = start;
        this.process = process;
        this.files = files;
    }

    @Override
    public void listen(Listener listener) {
        Thread errorReader = thread("errors", this::readErrors);
        Thread answerReader = thread("answers", () -> readAnswers(listener));
        thread("end", () -> {
            int exitCode = process.onExit().join().exitValue();
            endRest(answerReader);
            join(errorReader, ERRORS_MILLIS);
            listener.ended(exitCode);
        });
    }

    /**
     * Ends the processes that the worker has started, until all answers have been read. Gives up after some time: a
     * process that can't be found may keep the stream open.
     */
    private void endRest(Thread answerReader) {
        for (int look = 0; look < MAX_LOOKS; look++) {
            ProcessKiller.kill(start.worker()).toCompletableFuture().join();
            if (join(answerReader, LOOK_MILLIS)) {
                return;
            }
        }
    }

    private Thread thread(String what, Runnable work) {
        Thread thread = new Thread(work, "worker " + start.number() + " " + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readAnswers(Listener listener) {
        try {
            if (!start.opening().isEmpty()) {
                send(start.opening());
            }
            process.getInputStream().transferTo(listener.answers());
        } catch (IOException e) {
            process.destroyForcibly(); // the process has ended, or its output is invalid
        }
    }

    private void readErrors() {
        try {
            process.getErrorStream().transferTo(errors);
        } catch (IOException e) {
            process.destroyForcibly(); // the process has closed it, and so has ended
        }
    }

    /** Waits for a thread, but not longer than the given time. Returns whether it has ended. */
    private static boolean join(Thread thread, long millis) {
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    @Override
    public void send(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        OutputStream requests = process.getOutputStream();
        synchronized (this) {
            requests.write(bytes);
            requests.flush();
        }
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public WorkerFiles files() {
        return files;
    }

    @Override
    public OutputTail errors() {
        return errors.tail();
    }

    @Override
    public ResourceUsage usage() {
        long cpuMillis = ProcessTimes.cpuMillisOfTree(process.pid());
        long peakKb = ProcessMemory.peakKbOfTree(process.pid());
        return new ResourceUsage(cpuMillis < 0 ? null : cpuMillis, peakKb == 0 ? null : peakKb);
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
            process.destroyForcibly(); // the process has ended, or does not read
        }
    }
}
