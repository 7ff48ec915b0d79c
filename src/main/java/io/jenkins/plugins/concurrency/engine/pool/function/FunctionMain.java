package io.jenkins.plugins.concurrency.engine.pool.function;

import groovy.lang.Binding;
import groovy.lang.GroovyClassLoader;
import groovy.lang.Script;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.runtime.InvokerHelper;

/**
 * The worker process of function pools: compiles the function once, then calls it for one input after the other until
 * its requests end. What a call prints becomes part of its answer.
 */
public final class FunctionMain {

    /** The largest value in characters of JSON; far below what a line of a journal may have. */
    private static final int MAX_VALUE = 1024 * 1024;

    private final WorkerFrames frames;
    private final TailStream output = new TailStream();

    private FunctionMain(WorkerFrames frames) {
        this.frames = frames;
    }

    /** @param args the file that requests are appended to, where they don't come through the standard input */
    public static void main(String[] args) throws IOException {
        InputStream requests =
                args.length == 0 ? new FileInputStream(FileDescriptor.in) : new FollowedFile(Path.of(args[0]));
        WorkerFrames frames = new WorkerFrames(requests, new FileOutputStream(FileDescriptor.out));
        FunctionMain worker = new FunctionMain(frames);
        // A function that reads or prints must not get in between the frames.
        System.setIn(InputStream.nullInputStream());
        System.setOut(new PrintStream(worker.output, true, StandardCharsets.UTF_8));
        int exitCode = 1;
        try {
            worker.run();
            exitCode = 0;
        } finally {
            System.err.flush();
            // Threads that a function has left must not keep the process.
            Runtime.getRuntime().halt(exitCode);
        }
    }

    private void run() throws IOException {
        JsonObject opening = frames.read();
        if (opening == null) {
            return;
        }
        Class<? extends Script> function;
        try {
            function = compile(opening.string("function"));
        } catch (CompilationFailedException e) {
            frames.write(Map.of("refused", e.getMessage()));
            return;
        }
        frames.write(Map.of("ready", true));
        for (JsonObject call; (call = frames.read()) != null; ) {
            frames.write(answer(function, call));
        }
    }

    private static Class<? extends Script> compile(String source) {
        GroovyClassLoader loader = new GroovyClassLoader(FunctionMain.class.getClassLoader());
        return loader.parseClass(source, "function.groovy").asSubclass(Script.class);
    }

    private Map<String, Object> answer(Class<? extends Script> function, JsonObject call) {
        output.reset();
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            Binding binding = new Binding();
            binding.setVariable("input", call.fields().get("input"));
            binding.setVariable("index", call.fields().get("index"));
            Object value = InvokerHelper.createScript(function, binding).run();
            putValue(answer, JsonValues.of(value));
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal; // costs the worker, and so this branch
            }
            answer.put("error", Map.of("type", ErrorType.ERROR.text(), "message", describe(e)));
        }
        System.out.flush();
        OutputTail printed = output.tail();
        answer.put("stdout", printed.text());
        answer.put("truncated", printed.truncated());
        return answer;
    }

    private static void putValue(Map<String, Object> answer, Object value) {
        int size = Json.write(value).length();
        if (size <= MAX_VALUE) {
            answer.put("value", value);
            return;
        }
        String message = "the function returned " + size + " characters of JSON; at most " + MAX_VALUE
                + " travel back: write more to a file and return its name";
        answer.put("error", Map.of("type", ErrorType.TOO_LARGE.text(), "message", message));
    }

    /** The exception with the line of the function that it came from, as a person would look for it. */
    private static String describe(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if ("function.groovy".equals(frame.getFileName()) && frame.getLineNumber() > 0) {
                return thrown + " (line " + frame.getLineNumber() + ")";
            }
        }
        return thrown.toString();
    }
}
