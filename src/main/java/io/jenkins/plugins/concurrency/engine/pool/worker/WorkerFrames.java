package io.jenkins.plugins.concurrency.engine.pool.worker;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The lines between a pool and its workers: one JSON object each. Values that are too large are sent in files. */
public final class WorkerFrames {

    /**
     * The longest line with a value, in bytes. A pipe accepts that much at once. So the writer of a request does not
     * wait for a worker that does not read.
     */
    public static final int MAX_INLINE = 64 * 1024;

    /** The longest answer in bytes. It has a value, the end of an output, and a message. */
    static final int MAX_ANSWER = 256 * 1024;

    /** The largest value in bytes of JSON. It is far below the limit for a line of a journal. */
    public static final int MAX_VALUE = 1024 * 1024;

    private WorkerFrames() {}

    /** A frame with its line break. It is pure ASCII, so that a worker can read it in the encoding of any locale. */
    public static String line(Object json) {
        String text = Json.write(json);
        StringBuilder line = new StringBuilder(text.length() + 1);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                line.append(c);
            } else { // within a text, because only texts have other characters
                line.append(String.format("\\u%04x", (int) c));
            }
        }
        return line.append('\n').toString();
    }

    /**
     * A whole number in an answer. As in the JSON form of protocol buffers, it may be a text, and it may be missing if
     * it is 0.
     *
     * @throws IOException if it is no whole number; with a message of one line
     */
    static long number(JsonObject answer, String field) throws IOException {
        if (answer.fields().get(field) instanceof String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IOException("'" + field + "' is no number: " + text, e);
            }
        }
        return answer.has(field) ? answer.longValue(field) : 0;
    }

    /** Whether a text has at most so many bytes in UTF-8. */
    public static boolean fits(String text, int bytes) {
        return text.length() <= bytes / 3 // fast, for the many short texts
                || text.length() <= bytes && text.getBytes(StandardCharsets.UTF_8).length <= bytes;
    }
}
