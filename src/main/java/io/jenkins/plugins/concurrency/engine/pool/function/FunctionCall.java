package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerFrames;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One call of a function: from the request to the answer. */
final class FunctionCall {

    /** The longest error message in characters, far longer than what is shown. */
    private static final int MAX_MESSAGE = 16 * 1024;
    private static final int MAX_DEPTH = 100;

    private final GroovyFunction function;
    private final CallOutput output;
    private final JsonObject request;
    private final Path files;

    /** {@code null} if the process has one call at a time, because the process that started it measures then. */
    @CheckForNull
    private final CallClock clock;

    private final Map<String, Object> answer = new LinkedHashMap<>();

    /**
     * The value as JSON, if it is sent with the answer. It is written only once, although its length must be known
     * before.
     */
    private String inline;

    FunctionCall(
            GroovyFunction function, CallOutput output, JsonObject request, Path files, @CheckForNull CallClock clock) {
        this.function = function;
        this.output = output;
        this.request = request;
        this.files = files;
        this.clock = clock;
    }

    /**
     * Calls the function on this thread.
     *
     * @return the line with the answer
     * @throws IOException if the request is invalid, or if a file can't be read or written
     */
    String run() throws IOException {
        answer.put("requestId", request.fields().get("requestId"));
        Object input = input();
        TailStream printed = output.begin(request.integer("index"));
        long begin = clock == null ? 0 : clock.begin();
        try {
            putValue(plain(function.call(input, request.integer("index")), 0));
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal; // ends the worker, and with it this branch
            }
            putError(ErrorType.ERROR, GroovyFunction.describe(e));
        } finally {
            System.out.flush();
            output.end();
        }
        if (clock != null) {
            clock.end(begin, answer);
        }
        OutputTail tail = printed.tail();
        answer.put("output", tail.text());
        if (tail.truncated()) {
            answer.put("truncated", true);
        }
        String line = WorkerFrames.line(answer);
        return inline == null ? line : line.substring(0, line.lastIndexOf('}')) + ",\"value\":" + inline + "}\n";
    }

    private Object input() throws IOException {
        if (!request.has("inputFile")) {
            return request.fields().get("input");
        }
        return Json.parse(Files.readString(Path.of(request.string("inputFile"))));
    }

    private void putValue(Object value) throws IOException {
        String text = Json.write(value);
        if (WorkerFrames.fits(text, WorkerFrames.MAX_INLINE)) {
            inline = text;
        } else if (WorkerFrames.fits(text, WorkerFrames.MAX_VALUE)) {
            String name = "value-" + UUID.randomUUID();
            Files.write(files.resolve(name), text.getBytes(StandardCharsets.UTF_8));
            answer.put("valueFile", name);
        } else {
            putError(
                    ErrorType.TOO_LARGE,
                    "the function returned " + text.getBytes(StandardCharsets.UTF_8).length + " bytes of JSON; at most "
                            + WorkerFrames.MAX_VALUE + " can be returned: write more to a file and return its name");
        }
    }

    private void putError(ErrorType type, String message) {
        String cut = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
        answer.put("error", Map.of("type", type.text(), "message", cut));
    }

    /**
     * Converts what a function returned to JSON values.
     *
     * @throws IllegalArgumentException if the value or a part of it has no JSON form; with a message of one line
     */
    @CheckForNull
    private static Object plain(@CheckForNull Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the function returned a value nested deeper than " + MAX_DEPTH);
        }
        if (value == null || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), plain(item, depth + 1)));
            return copy;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(plain(item, depth + 1)));
            return copy;
        }
        if (value.getClass().isArray()) {
            List<Object> copy = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                copy.add(plain(Array.get(value, i), depth + 1));
            }
            return copy;
        }
        throw refused(value.getClass().getName());
    }

    private static Object number(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value)) {
            throw refused("NaN");
        }
        if ((number instanceof Double || number instanceof Float) && Double.isInfinite(value)) {
            throw refused("an infinite number");
        }
        return number instanceof java.util.concurrent.atomic.AtomicInteger
                        || number instanceof java.util.concurrent.atomic.AtomicLong
                ? (Object) number.longValue()
                : number;
    }

    private static IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("the function returned " + what
                + "; return numbers, strings, booleans, lists, maps or null, for example a date as text");
    }

    /**
     * Measures the processor time of calls that share a process. The JVM can measure threads, but not virtual ones.
     * With these, each answer has the processor time of the process since the last answer, so that the sum is right.
     * Thread-safe.
     */
    static final class CallClock {

        private static final long NANOS_A_MILLI = 1_000_000;

        /** {@code null} if threads can't be measured. */
        private final ThreadMXBean threads;

        /** The processor time that was in answers so far. Guarded by this. */
        private long toldMillis;

        CallClock(boolean virtual) {
            ThreadMXBean bean = virtual ? null : ManagementFactory.getThreadMXBean();
            this.threads = bean != null && bean.isCurrentThreadCpuTimeSupported() ? bean : null;
        }

        /** Call when a call begins on this thread. {@link #end} needs the returned value. */
        long begin() {
            return threads == null ? 0 : threads.getCurrentThreadCpuTime();
        }

        /** Adds the processor time of the call on this thread to its answer. */
        void end(long begin, Map<String, Object> answer) {
            if (threads != null) {
                answer.put(FunctionProtocol.CPU_MILLIS, (threads.getCurrentThreadCpuTime() - begin) / NANOS_A_MILLI);
            } else {
                answer.put(FunctionProtocol.SHARED_CPU_MILLIS, sinceLast());
            }
        }

        private synchronized long sinceLast() {
            long millis = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
            long since = Math.max(0, millis - toldMillis);
            toldMillis = millis;
            return since;
        }
    }
}
