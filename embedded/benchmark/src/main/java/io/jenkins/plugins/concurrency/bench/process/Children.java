package io.jenkins.plugins.concurrency.bench.process;

import io.jenkins.plugins.concurrency.engine.process.ProcessCookie;
import io.jenkins.plugins.concurrency.engine.process.ProcessKiller;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The processes that the bench has started. All of them, and whatever they have started, end with it. */
public final class Children {

    /** What sends the traffic of a peer to somebody else than the server on loopback. */
    private static final Set<String> PROXIES = Set.of(
            "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY");

    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int LINES_IN_MESSAGE = 3;

    private final ProcessCookie cookie = new ProcessCookie("EMBEDDED_BENCH", UUID.randomUUID().toString());
    private final Set<Process> living = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /**
     * Starts a process that is known from now on.
     *
     * @throws InterruptedException after {@link #stop}
     */
    public Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        throwIfStopped();
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(PROXIES);
        cookie.putInto(environment);
        Process process = builder.start();
        living.add(process);
        process.onExit().thenRun(() -> living.remove(process));
        return process;
    }

    /**
     * Runs a command to its end.
     *
     * @param log gets what it says on standard error
     * @param stdout gets its standard output
     * @return its duration in seconds
     * @throws IOException if it fails or takes longer than any command may; the message has the end of the log
     */
    public double run(List<String> command, Path stdout, Path log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(stdout.toFile())
                .redirectError(log.toFile());
        long begin = System.nanoTime();
        Process process = start(builder);
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            end(process);
            throw new IOException("no end within " + LIMIT.toMinutes() + " minutes");
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        throwIfStopped();
        if (process.exitValue() != 0) {
            throw new IOException("exit code " + process.exitValue() + tail(log));
        }
        return seconds;
    }

    /** For whoever sees a process fail: after {@link #stop} that says nothing. */
    public void throwIfStopped() throws InterruptedException {
        if (stopped) {
            throw new InterruptedException("the bench has been stopped");
        }
    }

    /** The last lines of a log for a message, empty if it says nothing. */
    public static String tail(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        String end = String.join("; ", lines.subList(Math.max(0, lines.size() - LINES_IN_MESSAGE), lines.size()));
        return end.isBlank() ? "" : ": " + end;
    }

    /** Ends one process with all that it has started. */
    public void end(Process process) {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(ProcessKiller.GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }

    /** Ends all processes, also those that have left their parents; returns when they are gone. No more are started. */
    public void stop() {
        stopped = true;
        List.copyOf(living).forEach(Process::destroy);
        ProcessKiller.kill(cookie).toCompletableFuture().join();
    }
}
