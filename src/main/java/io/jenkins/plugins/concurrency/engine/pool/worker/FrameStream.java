package io.jenkins.plugins.concurrency.engine.pool.worker;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes a worker's output and passes on each line as what it is: a JSON object. Written to by one thread at a time. */
final class FrameStream extends OutputStream {

    private static final int QUOTED = 80;
    private static final int LOOKED_AT = 4 * 1024;

    /** Receives the frames. */
    @FunctionalInterface
    interface Receiver {
        /** @throws IOException if such a frame was not due, in one line */
        void receive(@NonNull JsonObject frame) throws IOException;
    }

    private final Receiver receiver;
    private final Runnable onFailure;
    private final SecretMask mask;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

    /** Why nothing more is taken, once there was something that is no frame. */
    private volatile String failure;

    /**
     * @param onFailure called when something is no frame; nothing more is taken then
     * @param mask for what of it is quoted
     */
    FrameStream(@NonNull Receiver receiver, @NonNull Runnable onFailure, @NonNull SecretMask mask) {
        this.receiver = receiver;
        this.onFailure = onFailure;
        this.mask = mask;
    }

    /** What was no frame, in one line; {@code null} while there was none. */
    @CheckForNull
    String failure() {
        return failure;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws IOException if a line is longer than a frame may be, or is no frame */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
        List<JsonObject> frames = new ArrayList<>(1);
        try {
            split(bytes, offset, offset + length, frames);
        } catch (IOException e) {
            // Known before anybody hears of the answers in front of it: whoever does gives the worker its next call.
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
            if (bytes[i] == '\n') {
                append(bytes, begin, i);
                begin = i + 1;
                byte[] text = line.toByteArray();
                line.reset();
                frames.add(frame(text));
            }
        }
        append(bytes, begin, end);
    }

    private JsonObject frame(byte[] text) throws IOException {
        try {
            return new JsonObject(Json.parseObject(text, 0, text.length));
        } catch (IOException e) {
            throw new IOException("the worker wrote " + quoted(text) + ", which is no JSON object", e);
        }
    }

    private void append(byte[] bytes, int begin, int end) throws IOException {
        if (line.size() + end - begin > WorkerFrames.MAX_ANSWER) {
            line.write(bytes, begin, Math.min(end - begin, LOOKED_AT));
            throw new IOException("the worker wrote a line of more than " + WorkerFrames.MAX_ANSWER + " bytes: "
                    + quoted(line.toByteArray()));
        }
        line.write(bytes, begin, end - begin);
    }

    /** The first of the bytes as text in quotes, with what can't be printed escaped, and without secrets. */
    private String quoted(byte[] bytes) {
        String text = mask.text(new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.UTF_8));
        boolean all = text.length() <= QUOTED && bytes.length <= LOOKED_AT;
        return Json.write(all ? text : text.substring(0, Math.min(QUOTED, text.length()))) + (all ? "" : "…");
    }
}
