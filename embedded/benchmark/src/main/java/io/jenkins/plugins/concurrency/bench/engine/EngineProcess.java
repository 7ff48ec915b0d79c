package io.jenkins.plugins.concurrency.bench.engine;

import io.jenkins.plugins.concurrency.bench.process.Children;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorLauncher;
import io.jenkins.plugins.concurrency.engine.supervisor.client.SupervisorSettings;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An {@link EngineMain} in a JVM of its own that has the flags of a supervisor. */
public final class EngineProcess implements Closeable {

    /** The heap of a supervisor. */
    public static final int HEAP_MB = SupervisorSettings.HEAP_MIB;

    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final Duration FAREWELL = Duration.ofSeconds(30);

    private final Children children;
    private final Process process;
    private final Path log;
    private final Writer requests;
    private final BufferedReader replies;

    /**
     * Starts it.
     *
     * @param recording a file for a recording of Java's Flight Recorder, or {@code null} for none
     * @param log a file for what the process says
     */
    public EngineProcess(Children children, int heapMb, Path recording, Path log)
            throws IOException, InterruptedException {
        this.children = children;
        this.log = log;
        process = children.start(
                new ProcessBuilder(commandLine(heapMb, recording)).redirectError(log.toFile()));
        requests = process.outputWriter();
        replies = process.inputReader();
    }

    /**
     * Does a run.
     *
     * @param expected how many branches have to succeed
     * @throws IOException if not all did, or the process died
     */
    public EngineReply run(EngineRequest request, int expected) throws IOException, InterruptedException {
        EngineReply reply = run(request);
        if (reply.succeeded() != expected || !reply.problem().isEmpty()) {
            throw new IOException(reply.succeeded() + " of " + expected + " succeeded: " + reply.problem());
        }
        return reply;
    }

    /** Does a run in which branches may fail. */
    public EngineReply run(EngineRequest request) throws IOException, InterruptedException {
        return EngineReply.fromJson(JsonObject.parse(ask(Json.write(request.toJson()))));
    }

    /** Lets the process end by itself, so that it can write its recording. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                children.end(process);
            }
        } catch (InterruptedException e) {
            children.end(process);
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            children.end(process); // it is gone, or does not listen
        }
    }

    private String ask(String request) throws IOException, InterruptedException {
        try {
            requests.write(request + "\n");
            requests.flush();
            return readReply();
        } catch (IOException e) {
            children.throwIfStopped();
            throw e;
        }
    }

    private String readReply() throws IOException, InterruptedException {
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> {
            try {
                return replies.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            String line = reply.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new IOException("the engine's process died" + Children.tail(log));
            }
            return line;
        } catch (TimeoutException e) {
            children.end(process);
            throw new IOException("no end within " + LIMIT.toMinutes() + " minutes", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static List<String> commandLine(int heapMb, Path recording) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SupervisorLauncher.jvmOptions(heapMb));
        if (recording != null) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
            command.add("-Xlog:jfr+startup=off");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EngineMain.class.getName()));
        return command;
    }
}
