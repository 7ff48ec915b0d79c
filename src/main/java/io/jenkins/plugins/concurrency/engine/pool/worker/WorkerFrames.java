package io.jenkins.plugins.concurrency.engine.pool.worker;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The lines between a pool and its workers: one JSON object each. Values that are too large are sent in files. */
public final class WorkerFrames {

    /**
     * The longest line in bytes that carries a value. A pipe takes so much at once, so that whoever writes a request
     * need not wait for a worker that does not read.
     */
    public static final int MAX_INLINE = 64 * 1024;

    /** The longest answer in bytes: a value, the end of an output, a message. */
    static final int MAX_ANSWER = 256 * 1024;

    /** The largest value in bytes of JSON; far below what a line of a journal may have. */
    public static final int MAX_VALUE = 1024 * 1024;

    private WorkerFrames() {}

    /** A frame with its line break. All in ASCII, so that a worker may read it in whatever encoding its locale has. */
    public static String line(Object json) {
        String text = Json.write(json);
        StringBuilder line = new StringBuilder(text.length() + 1);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                line.append(c);
            } else { // within a text, as nothing else has any
                line.append(String.format("\\u%04x", (int) c));
            }
        }
        return line.append('\n').toString();
    }

    /**
     * A whole number in an answer. As in every JSON form of a protocol buffer, it may be written as text, and left out where
     * it is 0.
     *
     * @throws IOException if it is none, in one line
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

    /** Whether a text takes no more than so many bytes. */
    public static boolean fits(String text, int bytes) {
        return text.length() <= bytes / 3 // most are far from the limit
                || text.length() <= bytes && text.getBytes(StandardCharsets.UTF_8).length <= bytes;
    }
}
