package io.jenkins.plugins.concurrency.steps;

import hudson.model.Run;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jvnet.hudson.test.JenkinsRule;

/** Waits for what other processes and threads do; a test that waits in vain fails after some minutes. */
final class Await {

    private static final long MINUTES = 15;
    private static final long PAUSE_NANOS = 5_000_000;

    private Await() {}

    /** Looks again and again, since no system tells when another process has done something to a file. */
    static void until(Callable<Boolean> event) throws Exception {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        Thread watcher = new Thread(() -> {
            try {
                while (!event.call() && !seen.isDone()) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                seen.complete(null);
            } catch (Throwable e) {
                seen.completeExceptionally(e);
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        try {
            seen.get(MINUTES, TimeUnit.MINUTES);
        } finally {
            seen.cancel(false);
        }
    }

    static void file(Path file) throws Exception {
        until(() -> Files.exists(file));
    }

    static void gone(Path file) throws Exception {
        until(() -> !Files.exists(file));
    }

    static void lines(Path file, int count) throws Exception {
        file(file);
        until(() -> Files.readAllLines(file).size() >= count);
    }

    /** Something that the build writes into its log. */
    static void log(Run<?, ?> run, String text) throws Exception {
        until(() -> {
            try {
                return JenkinsRule.getLog(run).contains(text);
            } catch (FileNotFoundException e) {
                return false; // nothing has been written yet
            }
        });
    }

    /** The run's folder in the build directory; its name is the run's id. */
    static Path onlyRun(Run<?, ?> build) throws Exception {
        until(() -> !runs(build).isEmpty());
        return runs(build).get(0);
    }

    /** The folders of runs in the build directory. */
    static List<Path> runs(Run<?, ?> build) throws IOException {
        return list(build.getRootDir().toPath().resolve("concurrency")).stream()
                .filter(Files::isDirectory)
                .toList();
    }

    /** The folder on the agent of a build's only run. */
    static Path onlyRunOnAgent(Path workspace, Run<?, ?> build) throws Exception {
        return workspace
                .resolveSibling(workspace.getFileName() + "@tmp")
                .resolve("concurrency")
                .resolve(onlyRun(build).getFileName());
    }

    static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
