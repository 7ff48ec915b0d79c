package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerFrames;
import io.jenkins.plugins.concurrency.engine.process.OutputTail;
import io.jenkins.plugins.concurrency.engine.process.TailStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** One call of a function: from the request to the answer. */
final class FunctionCall {

    /** In characters: far more than anybody gets to see. */
    private static final int MAX_MESSAGE = 16 * 1024;

    private final GroovyFunction function;
    private final CallOutput output;
    private final JsonObject request;
    private final Path files;

    /** {@code null} where the process has one call at a time, and its parent tells. */
    @CheckForNull
    private final CallClock clock;

    private final Map<String, Object> answer = new LinkedHashMap<>();

    /** The value as JSON, where it goes with the answer: written once, to know how large it is. */
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
     * @return the answer's line
     * @throws IOException if the request is none, or a file can't be read or written
     */
    String run() throws IOException {
        answer.put("requestId", request.fields().get("requestId"));
        Object input = input();
        TailStream printed = output.begin(request.integer("index"));
        long begin = clock == null ? 0 : clock.begin();
        try {
            putValue(JsonValues.of(function.call(input, request.integer("index"))));
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal; // costs the worker, and so this branch
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
            Files.writeString(files.resolve(name), text);
            answer.put("valueFile", name);
        } else {
            putError(
                    ErrorType.TOO_LARGE,
                    "the function returned " + text.getBytes(StandardCharsets.UTF_8).length + " bytes of JSON; at most "
                            + WorkerFrames.MAX_VALUE + " travel back: write more to a file and return its name");
        }
    }

    private void putError(ErrorType type, String message) {
        String cut = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
        answer.put("error", Map.of("type", type.text(), "message", cut));
    }
}
