package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.pool.PoolEnvironment;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerFrames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

/**
 * The worker process of function pools. Compiles the function once, then calls it for one input after the other, or for
 * several at once, until its requests end. What a call prints becomes part of its answer.
 */
public final class FunctionMain {

    /** In a class path: all jars of a folder. */
    private static final String ALL_JARS = "*";

    private final LineReader requests;
    private final OutputStream answers;
    private final CallOutput output = new CallOutput();

    /** Calls that run on their own threads, by request number. */
    private final Map<Integer, InterruptibleCall> calls = new ConcurrentHashMap<>();

    private final Path files;

    /** @param files the folder for values that are too large for a line */
    FunctionMain(LineReader requests, OutputStream answers, Path files) {
        this.requests = requests;
        this.files = files;
        this.answers = answers;
    }

    /** @param args the requests and the answers, as {@link FunctionChannel} names them */
    public static void main(String[] args) throws IOException {
        InputStream in = FunctionChannel.requests(args[0]);
        OutputStream answers = FunctionChannel.answers(args[1]);
        System.setIn(InputStream.nullInputStream());
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        int exitCode = 1;
        try {
            Path files = Path.of(System.getenv(PoolEnvironment.FILES));
            FunctionMain worker = new FunctionMain(new LineReader(in), answers, files);
            worker.output.install();
            worker.run();
            exitCode = 0;
        } finally {
            end(exitCode);
        }
    }

    /** Ends the process, even if a function has left threads that run. */
    private static void end(int exitCode) {
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    void run() throws IOException {
        JsonObject opening = requests.read();
        if (opening == null) {
            return;
        }
        GroovyFunction function;
        try {
            function = GroovyFunction.compile(
                    opening.string("function"), classPath(opening.list("classPath")));
        } catch (IOException e) {
            answer(WorkerFrames.line(Map.of("refused", e.getMessage())));
            return;
        }
        answer(WorkerFrames.line(Map.of("ready", true)));
        if (opening.longValue(FunctionProtocol.OUTPUT_BYTES) >= 0) {
            output.keepWhole(files, opening.longValue(FunctionProtocol.OUTPUT_BYTES));
        }
        if (opening.integer("callsAtOnce") == 1) {
            for (JsonObject request; (request = requests.read()) != null; ) {
                answer(new FunctionCall(function, output, request, files, null).run());
            }
        } else {
            runOnThreads(function);
        }
    }

    private void runOnThreads(GroovyFunction function) throws IOException {
        ExecutorService threads = threads();
        FunctionCall.CallClock clock = new FunctionCall.CallClock(!(threads instanceof ThreadPoolExecutor));
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        for (JsonObject request; (request = requests.read()) != null; ) {
            int number = request.integer("requestId");
            if (request.flag("cancel")) {
                interrupt(number);
                continue;
            }
            FunctionCall call = new FunctionCall(function, output, request, files, clock);
            InterruptibleCall interruptible = new InterruptibleCall(() -> {
                Thread.currentThread().setContextClassLoader(loader);
                runOrExit(number, call);
            });
            calls.put(number, interruptible);
            threads.execute(interruptible);
        }
    }

    /** Threads for calls, one for each: virtual threads if the JVM has them. */
    private static ExecutorService threads() {
        try {
            // It exists since Java 21. This code is compiled for Java 17.
            return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "function");
                thread.setDaemon(true);
                return thread;
            });
        }
    }

    private void interrupt(int number) {
        InterruptibleCall call = calls.get(number);
        if (call != null) {
            call.interrupt();
        }
    }

    /** Ends the process if a call fails in a way that harms the other calls too, such as lack of memory. */
    private void runOrExit(int number, FunctionCall call) {
        try {
            String line = call.run();
            calls.remove(number);
            answer(line);
        } catch (Throwable e) {
            e.printStackTrace();
            end(1);
        }
    }

    private synchronized void answer(String line) throws IOException {
        answers.write(line.getBytes(StandardCharsets.UTF_8));
        answers.flush();
    }

    /** A call on a thread that has other calls later. It is interrupted only while it runs on the thread. */
    private static final class InterruptibleCall implements Runnable {

        private final Runnable call;

        // Guarded by this.
        private Thread thread;
        private boolean interrupted;

        InterruptibleCall(Runnable call) {
            this.call = call;
        }

        @Override
        public void run() {
            begin();
            try {
                call.run();
            } finally {
                end();
            }
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
            if (interrupted) {
                thread.interrupt();
            }
        }

        private synchronized void end() {
            thread = null;
            Thread.interrupted(); // the interrupt was for this call only
        }

        synchronized void interrupt() {
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /**
     * The files of a function's class path.
     *
     * @param entries jars, folders of classes, and {@code folder/*} for all jars of a folder, relative to the working
     *     directory
     * @throws IOException if one does not exist; with a message of one line
     */
    private static List<URL> classPath(List<?> entries) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Object entry : entries) {
            String path = entry.toString();
            if (path.equals(ALL_JARS) || path.endsWith("/" + ALL_JARS)) {
                Path folder = Path.of(path.substring(0, path.length() - ALL_JARS.length())).toAbsolutePath();
                for (Path jar : jarsOf(folder, path)) {
                    urls.add(jar.toUri().toURL());
                }
            } else {
                urls.add(existing(Path.of(path).toAbsolutePath(), path).toUri().toURL());
            }
        }
        return urls;
    }

    private static List<Path> jarsOf(Path folder, String entry) throws IOException {
        try (Stream<Path> files = Files.list(existing(folder, entry))) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static Path existing(Path file, String entry) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("the class path's '" + entry + "' is not there");
        }
        return file;
    }
}
