package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The talk between a pool and a function worker: one JSON object a line in either direction.
 *
 * <p>The pool opens with {@code {"function": source}}; the worker answers {@code {"ready": true}} or
 * {@code {"refused": why}}. Then each {@code {"index": n, "input": v}} is answered by {@code {"value": v}} or
 * {@code {"error": {"type": t, "message": m}}}, both with the {@code "stdout"} of the call.
 *
 * <p>One thread reads and one writes.
 */
final class WorkerFrames {

    /** The longest line in bytes. */
    static final int MAX_FRAME = Json.MAX_STRING;

    private final InputStream in;
    private final OutputStream out;

    WorkerFrames(@NonNull InputStream in, @NonNull OutputStream out) {
        this.in = new BufferedInputStream(in, 64 * 1024);
        this.out = out;
    }

    /** Sends a frame. */
    void write(@NonNull Object json) throws IOException {
        out.write(line(json).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** A frame with its line break. */
    @NonNull
    static String line(@NonNull Object json) {
        return Json.write(json) + '\n';
    }

    /**
     * Receives a frame.
     *
     * @return {@code null} at the end of the stream
     * @throws IOException if the line is longer than {@link #MAX_FRAME}, ends early or is no JSON object
     */
    @CheckForNull
    JsonObject read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("the stream ends within a line");
            }
            if (line.size() == MAX_FRAME) {
                throw new IOException("a line is longer than " + MAX_FRAME + " bytes");
            }
            line.write(b);
        }
        byte[] text = line.toByteArray();
        return new JsonObject(Json.parseObject(text, 0, text.length));
    }
}
