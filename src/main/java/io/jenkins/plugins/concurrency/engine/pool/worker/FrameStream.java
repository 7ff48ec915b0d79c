package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a worker's output into JSON objects. Like Bazel, it passes on an object at its last brace: line breaks after
 * or within it don't matter. Used by one thread at a time.
 */
final class FrameStream extends OutputStream {

    private static final int QUOTED = 80;
    private static final int LOOKED_AT = 4 * 1024;

    /** Receives the frames. */
    @FunctionalInterface
    interface Receiver {
        /** @throws IOException if the frame was not expected; with a message of one line */
        void receive(JsonObject frame) throws IOException;
    }

    private final Receiver receiver;
    private final Runnable onFailure;
    private final SecretMask mask;

    // The object that has begun, and the state of its parsing.
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(256);
    private int depth;
    private boolean inText;
    private boolean escaped;

    /** Whether the current line is no object. It is read to its end, so that a secret in it is recognized. */
    private boolean rubbish;

    /** Why nothing more is accepted; {@code null} if all was valid so far. */
    private volatile String failure;

    /**
     * @param onFailure called when something is no frame; after that nothing is accepted
     * @param mask for what is quoted of it
     */
    FrameStream(Receiver receiver, Runnable onFailure, SecretMask mask) {
        this.receiver = receiver;
        this.onFailure = onFailure;
        this.mask = mask;
    }

    /** What was no frame, with a message of one line; {@code null} if all was valid so far. */
    @CheckForNull
    String failure() {
        return failure;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws IOException if an object is longer than a frame may be, or if something else was written */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
        List<JsonObject> frames = new ArrayList<>(1);
        try {
            split(bytes, offset, offset + length, frames);
        } catch (IOException e) {
            // This is set before the earlier answers are reported, because the pool then sends the worker its next
            // call.
            failure = e.getMessage();
        }
        try {
            for (JsonObject frame : frames) {
                receiver.receive(frame);
            }
        } catch (IOException e) {
            failure = failure == null ? e.getMessage() : failure;
        }
        if (failure != null) {
            onFailure.run();
            throw new IOException(failure);
        }
    }

    private void split(byte[] bytes, int offset, int end, List<JsonObject> frames) throws IOException {
        int begin = offset;
        for (int i = offset; i < end; i++) {
            if (depth == 0 && !rubbish) {
                begin = i;
                depth = bytes[i] == '{' ? 1 : 0;
                rubbish = depth == 0 && !isBlank(bytes[i]);
            } else if (bytes[i] == '\n' && (rubbish || inText)) { // a JSON text has no line break, so it has no end
                append(bytes, begin, i);
                throw noObject(begun.toByteArray());
            } else if (!rubbish && isLast(bytes[i])) {
                append(bytes, begin, i + 1);
                byte[] text = begun.toByteArray();
                begun.reset();
                frames.add(frame(text));
            }
        }
        if (depth > 0 || rubbish) {
            append(bytes, begin, end);
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /**
     * Whether the object ends with this byte. In UTF-8, no byte of a character beyond ASCII looks like one of these.
     */
    private boolean isLast(byte b) {
        if (escaped) {
            escaped = false;
        } else if (inText) {
            escaped = b == '\\';
            inText = b != '"';
        } else if (b == '"') {
            inText = true;
        } else if (b == '{') {
            depth++;
        } else if (b == '}') {
            depth--;
        }
        return depth == 0;
    }

    private JsonObject frame(byte[] text) throws IOException {
        try {
            return new JsonObject(Json.parseObject(text, 0, text.length));
        } catch (IOException e) {
            throw noObject(text);
        }
    }

    private IOException noObject(byte[] bytes) {
        return new IOException("the worker wrote " + quoted(bytes) + ", which is no JSON object");
    }

    private void append(byte[] bytes, int from, int end) throws IOException {
        if (begun.size() + end - from > WorkerFrames.MAX_ANSWER) {
            begun.write(bytes, from, Math.min(end - from, LOOKED_AT));
            throw new IOException("the worker wrote more than " + WorkerFrames.MAX_ANSWER + " bytes without an end: "
                    + quoted(begun.toByteArray()));
        }
        begun.write(bytes, from, end - from);
    }

    /** The first bytes as text in quotes, without secrets. Characters that can't be printed are escaped. */
    private String quoted(byte[] bytes) {
        String text = mask.text(new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.UTF_8));
        boolean all = text.length() <= QUOTED && bytes.length <= LOOKED_AT;
        return Json.write(all ? text : text.substring(0, Math.min(QUOTED, text.length()))) + (all ? "" : "…");
    }
}
