package io.jenkins.plugins.concurrency.embedded.process;

import hudson.EnvVars;
import hudson.Util;
import io.jenkins.plugins.concurrency.embedded.DaemonThreads;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/**
 * A shell script that runs beside the build: its output goes to files, so that processes that it leaves behind hold up
 * nobody, and what is new in the log's file goes to the build's log a few times a second. Thread safe.
 */
public final class ShellScript {

    /** How a script ended. */
    public record End(int status, String output) {}

    /** The variable that marks the processes of one script. */
    private static final String COOKIE = "JENKINS_SERVER_COOKIE";

    private static final long LOG_PERIOD_MILLIS = 100;
    private static final ExecutorService WAITERS = Executors.newCachedThreadPool(new DaemonThreads("sh"));

    private final Path control;
    private final String cookie;
    private final Charset charset;
    private final Process process;
    private final LogTail log;
    private final CompletableFuture<End> end;

    private ShellScript(Path control, String cookie, Charset charset, Process process, LogTail log) {
        this.control = control;
        this.cookie = cookie;
        this.charset = charset;
        this.process = process;
        this.log = log;
        Future<?> copying = Timer.get().scheduleWithFixedDelay(
                log::copy, LOG_PERIOD_MILLIS, LOG_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        this.end = process.onExit().thenApplyAsync(exited -> {
            copying.cancel(false);
            return finish(exited.exitValue());
        }, WAITERS);
    }

    /**
     * Starts a script.
     *
     * @param directory where it works
     * @param temporary a directory for the script and its output, which are deleted in the end
     * @param environment all of it
     * @param captureOutput to return what it writes to its standard output instead of logging it
     * @param logger where the rest of its output goes, in whole lines
     */
    public static ShellScript start(
            String text,
            File directory,
            File temporary,
            EnvVars environment,
            boolean captureOutput,
            Charset charset,
            OutputStream logger)
            throws IOException {
        String id = "durable-" + UUID.randomUUID().toString().substring(0, 8);
        Path control = temporary.toPath().resolve(id);
        Files.createDirectories(control);
        Files.createDirectories(directory.toPath());
        Path script = Files.writeString(control.resolve("script.sh"), text, charset);
        File logFile = Files.createFile(control.resolve("log.txt")).toFile();

        ProcessBuilder builder = new ProcessBuilder(command(text, script));
        builder.directory(directory);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(COOKIE, id);
        builder.redirectInput(new File("/dev/null"));
        if (captureOutput) {
            builder.redirectOutput(control.resolve("output.txt").toFile());
            builder.redirectError(logFile);
        } else {
            builder.redirectErrorStream(true);
            builder.redirectOutput(logFile);
        }
        return new ShellScript(control, id, charset, builder.start(), new LogTail(logFile.toPath(), logger));
    }

    /**
     * The script by itself in a session of its own, so that the terminal's Ctrl-C reaches this process alone, which
     * then stops the script in an orderly way.
     */
    private static List<String> command(String text, Path script) {
        List<String> command = new ArrayList<>();
        String setsid = find("setsid");
        if (setsid != null) {
            command.add(setsid);
        }
        command.addAll(interpreter(text));
        command.add(script.toString());
        return command;
    }

    /**
     * What the script's first line asks for. The system is not left to look at it, since it may find the file in use
     * while another thread starts a process.
     */
    private static List<String> interpreter(String text) {
        if (!text.startsWith("#!")) {
            return List.of("sh", "-xe");
        }
        String line = text.substring(2).lines().findFirst().orElse("").trim();
        return List.of(line.split("\\s+", 2));
    }

    private static String find(String program) {
        for (String directory : Util.fixNull(System.getenv("PATH")).split(File.pathSeparator)) {
            File file = new File(directory, program);
            if (file.canExecute() && file.isFile()) {
                return file.getPath();
            }
        }
        return null;
    }

    /** Completes, with the output copied, when the script has ended. */
    public CompletableFuture<End> end() {
        return end;
    }

    /** Ends the script and what it started; waits for that. */
    public void kill() throws InterruptedException {
        ProcessTrees.kill(process.toHandle());
        ProcessTrees.killAllWith(Map.of(COOKIE, cookie));
    }

    private End finish(int status) {
        try {
            log.copy();
            log.close();
            Path output = control.resolve("output.txt");
            String text = Files.exists(output) ? Files.readString(output, charset) : null;
            Util.deleteRecursive(control.toFile());
            return new End(status, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies what is new in a file. */
    private static final class LogTail implements Closeable {
        private final InputStream in;
        private final LineOutput out;

        LogTail(Path file, OutputStream logger) throws IOException {
            this.in = Files.newInputStream(file);
            this.out = new LineOutput(logger);
        }

        synchronized void copy() {
            try {
                in.transferTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            in.close();
            out.close();
        }
    }
}
