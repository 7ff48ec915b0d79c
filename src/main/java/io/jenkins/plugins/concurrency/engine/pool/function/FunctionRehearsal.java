package io.jenkins.plugins.concurrency.engine.pool.function;

import io.jenkins.plugins.concurrency.engine.pool.worker.WorkerFrames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Loads the classes that a function worker needs: runs as one for a moment. */
public final class FunctionRehearsal {

    private static final String FUNCTION =
            """
            def twice(n) { n * 2 }
            println "index ${index}"
            [list: input.list.collect { twice(it) }, sum: input.list.sum(), text: input.text.toUpperCase() + 1.5]
            """;

    private FunctionRehearsal() {}

    /** @throws IOException if the worker does not work */
    public static void run() throws IOException {
        String requests =
                WorkerFrames.line(Map.of(
                                "function", FUNCTION, "classPath", List.of(), "callsAtOnce", 1, "outputBytes", -1))
                        + WorkerFrames.line(Map.of(
                                "requestId", 1, "index", 0, "input", Map.of("list", List.of(1, 2, 3), "text", "a")));
        new FunctionMain(
                        new LineReader(new ByteArrayInputStream(requests.getBytes(StandardCharsets.UTF_8))),
                        OutputStream.nullOutputStream(),
                        Path.of(""))
                .run();
    }
}
