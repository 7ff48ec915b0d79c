package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads JSON objects, one a line. One thread reads. */
final class LineReader {

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int end;

    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next object.
     *
     * @return {@code null} at the end of the stream
     * @throws IOException if the stream ends within a line, or a line is no JSON object
     */
    @CheckForNull
    JsonObject read() throws IOException {
        ByteArrayOutputStream begun = new ByteArrayOutputStream(0);
        while (true) {
            for (int i = position; i < end; i++) {
                if (buffer[i] == '\n') {
                    return object(begun, i);
                }
            }
            begun.write(buffer, position, end - position);
            position = 0;
            end = in.read(buffer);
            if (end < 0) {
                end = 0;
                if (begun.size() == 0) {
                    return null;
                }
                throw new EOFException("the stream ends within a line");
            }
        }
    }

    private JsonObject object(ByteArrayOutputStream begun, int lineEnd) throws IOException {
        int from = position;
        position = lineEnd + 1;
        if (begun.size() == 0) {
            return new JsonObject(Json.parseObject(buffer, from, lineEnd - from));
        }
        begun.write(buffer, from, lineEnd - from);
        byte[] line = begun.toByteArray();
        return new JsonObject(Json.parseObject(line, 0, line.length));
    }
}
