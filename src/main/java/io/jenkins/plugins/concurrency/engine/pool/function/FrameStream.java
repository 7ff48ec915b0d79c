package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes a worker's output and passes on each line as what it is: a JSON object. Written to by one thread at a time. */
final class FrameStream extends OutputStream {

    /** Receives the frames. */
    @FunctionalInterface
    interface Receiver {
        void receive(@NonNull JsonObject frame) throws IOException;
    }

    private final Receiver receiver;
    private final Runnable onFailure;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

    /** Why nothing more is taken, once there was something that is no frame. */
    private volatile String failure;

    /** @param onFailure called when something is no frame; nothing more is taken then */
    FrameStream(@NonNull Receiver receiver, @NonNull Runnable onFailure) {
        this.receiver = receiver;
        this.onFailure = onFailure;
    }

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
        try {
            take(bytes, offset, offset + length);
        } catch (IOException e) {
            failure = e.getMessage();
            onFailure.run();
            throw e;
        }
    }

    private void take(byte[] bytes, int offset, int end) throws IOException {
        int begin = offset;
        for (int i = offset; i < end; i++) {
            if (bytes[i] == '\n') {
                append(bytes, begin, i);
                begin = i + 1;
                byte[] frame = line.toByteArray();
                line.reset();
                receiver.receive(new JsonObject(Json.parseObject(frame, 0, frame.length)));
            }
        }
        append(bytes, begin, end);
    }

    private void append(byte[] bytes, int begin, int end) throws IOException {
        if (line.size() + end - begin > WorkerFrames.MAX_FRAME) {
            throw new IOException("a line is longer than " + WorkerFrames.MAX_FRAME + " bytes");
        }
        line.write(bytes, begin, end - begin);
    }
}
