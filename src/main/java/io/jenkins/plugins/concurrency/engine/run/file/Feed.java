package io.jenkins.plugins.concurrency.engine.run.file;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of branches that grows during the run: one JSON object a line, and a last line that means the end. A line is
 * read when it is complete. Not thread-safe.
 */
public final class Feed implements Closeable {

    private static final String END = "end";

    /** The last line. */
    public static String endLine() {
        return Json.write(Map.of(END, true)) + '\n';
    }

    private final RandomAccessFile in;
    private final Path file;

    /** Where the next line begins, in bytes. */
    private volatile long offset;

    private byte[] block = new byte[0];
    private int begin;
    private boolean atEnd;

    /** @throws IOException if the file can't be opened */
    public Feed(Path file) throws IOException {
        this.file = file;
        this.in = new RandomAccessFile(file.toFile(), "r");
    }

    /**
     * A branch of the run.
     *
     * @param index its position in the input, from 0
     * @param attempts how many attempts it has had on other nodes
     * @param fields its JSON form
     */
    public record Line(int index, int attempts, Map<String, Object> fields) {

        /** The line of the file, with its line break. */
        public String text() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("index", index);
            json.put("attempts", attempts);
            json.put("branch", fields);
            return Json.write(json) + '\n';
        }

        static Line fromJson(JsonObject json) throws IOException {
            return new Line(
                    json.integer("index"), json.integer("attempts"), json.object("branch").fields());
        }
    }

    /**
     * The next line.
     *
     * @return {@code null} if there is no other line, or not yet
     * @throws IOException if the file can't be read, or the line is not valid
     */
    @CheckForNull
    public Line next() throws IOException {
        String text = atEnd ? null : nextText();
        if (text == null) {
            return null;
        }
        JsonObject json = JsonObject.parse(text);
        if (json.has(END)) {
            atEnd = true;
            return null;
        }
        return Line.fromJson(json);
    }

    /** Whether the last line has been read. */
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Whether the file has something that has not been read. Any thread may ask. */
    public boolean hasNews() {
        return file.toFile().length() > offset;
    }

    @CheckForNull
    private String nextText() throws IOException {
        int end = lineEnd();
        if (end < 0) {
            read();
            end = lineEnd();
        }
        if (end < 0) {
            return null;
        }
        String text = new String(block, begin, end - begin, StandardCharsets.UTF_8);
        offset += end + 1 - begin;
        begin = end + 1;
        return text;
    }

    private int lineEnd() {
        for (int i = begin; i < block.length; i++) {
            if (block[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Reads everything from the next line on. It is never much at a time. */
    private void read() throws IOException {
        long left = in.length() - offset;
        if (left <= 0) {
            return;
        }
        in.seek(offset);
        block = new byte[Math.toIntExact(left)];
        begin = 0;
        in.readFully(block);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
