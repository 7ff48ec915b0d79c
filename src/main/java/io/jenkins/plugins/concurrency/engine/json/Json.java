package io.jenkins.plugins.concurrency.engine.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * JSON as plain values: {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} and {@code null}.
 *
 * <p>All data that crosses a process boundary in this plugin is read and written here. So the reader has limits for
 * nesting and for the length of numbers and texts. No text can name a Java class. Only the streaming part of Jackson is
 * used: the processes that read this JSON are started for every run, and each class that they load costs time.
 * Thread-safe.
 */
public final class Json {

    /** The longest text in a document, in characters. A body of 1 MiB fits even if every character is escaped. */
    public static final int MAX_STRING = 16 * 1024 * 1024;

    private static final int MAX_DEPTH = 200;
    private static final int MAX_NUMBER_DIGITS = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_DIGITS)
                    .maxStringLength(MAX_STRING)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** The position in Jackson's messages. */
    private static final Pattern PLACE = Pattern.compile("\\[Source: [^]]*line: (\\d+), column: (\\d+)]");

    private Json() {}

    /**
     * Reads one document.
     *
     * @throws IOException if the text is not exactly one JSON document within the limits
     */
    @CheckForNull
    public static Object parse(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return document(parser);
        }
    }

    /** As {@link #parse(String)}, from UTF-8. */
    @CheckForNull
    public static Object parse(byte[] utf8, int offset, int length) throws IOException {
        try (JsonParser parser = FACTORY.createParser(utf8, offset, length)) {
            return document(parser);
        }
    }

    /**
     * Reads one document that must be an object.
     *
     * @throws IOException if it is anything else
     */
    public static Map<String, Object> parseObject(byte[] utf8, int offset, int length) throws IOException {
        return asObject(parse(utf8, offset, length));
    }

    /**
     * As {@link #parseObject(byte[], int, int)}, but skips all fields, at any depth, that are not wanted. Several times
     * as fast if most fields are skipped.
     */
    public static Map<String, Object> parseObject(
            byte[] utf8, int offset, int length, Set<String> wanted) throws IOException {
        try (JsonParser parser = FACTORY.createParser(utf8, offset, length)) {
            return asObject(document(parser, wanted));
        }
    }

    /** As {@link #parseObject(byte[], int, int)}, from text. */
    public static Map<String, Object> parseObject(String text) throws IOException {
        return asObject(parse(text));
    }

    /**
     * Writes a value on one line, without a line break at its end.
     *
     * @throws IllegalArgumentException if the value, or one inside it, can't be expressed in JSON
     */
    public static String write(@CheckForNull Object value) {
        StringWriter text = new StringWriter();
        try {
            write(value, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** As {@link #write(Object)}, as UTF-8. */
    public static byte[] writeBytes(@CheckForNull Object value) {
        return write(value).getBytes(StandardCharsets.UTF_8);
    }

    private static void write(@CheckForNull Object value, Writer out) throws IOException {
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(value, generator, 0);
        }
    }

    private static void write(@CheckForNull Object value, JsonGenerator out, int depth) throws IOException {
        if (depth >= MAX_DEPTH) {
            throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH + " levels, or contains itself");
        }
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                write(entry.getValue(), out, depth + 1);
            }
            out.writeEndObject();
        } else if (value instanceof Iterable<?> items) {
            out.writeStartArray();
            for (Object item : items) {
                write(item, out, depth + 1);
            }
            out.writeEndArray();
        } else if (value instanceof Object[] items) {
            write(Arrays.asList(items), out, depth);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof CharSequence || value instanceof Character) {
            out.writeString(value.toString());
        } else {
            writeNumber(value, out);
        }
    }

    private static void writeNumber(Object value, JsonGenerator out) throws IOException {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                throw new IllegalArgumentException(number + " is not a number in JSON");
            }
            out.writeNumber(value.toString());
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else {
            throw new IllegalArgumentException(value.getClass().getName() + " can't be expressed in JSON");
        }
    }

    @CheckForNull
    private static Object document(JsonParser parser) throws IOException {
        return document(parser, null);
    }

    @CheckForNull
    private static Object document(JsonParser parser, @CheckForNull Set<String> wanted) throws IOException {
        try {
            parser.nextToken();
            Object value = value(parser, wanted);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON document");
            }
            return value;
        } catch (JsonProcessingException e) {
            String message = PLACE.matcher(e.getOriginalMessage()).replaceAll("line $1, column $2");
            throw new IOException(message + position(e.getLocation()), e);
        }
    }

    private static String position(@CheckForNull JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** @param wanted the fields to read; {@code null} for all */
    @CheckForNull
    private static Object value(JsonParser parser, @CheckForNull Set<String> wanted) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("no JSON document");
        }
        switch (token) {
            case START_OBJECT:
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    if (wanted == null || wanted.contains(key)) {
                        map.put(key, value(parser, wanted));
                    } else {
                        parser.skipChildren();
                    }
                }
                return map;
            case START_ARRAY:
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, wanted));
                }
                return list;
            case VALUE_STRING:
                return parser.getText();
            case VALUE_NUMBER_INT:
                return parser.getNumberValue();
            case VALUE_NUMBER_FLOAT:
                return fraction(parser);
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            case VALUE_NULL:
                return null;
            default:
                throw new IOException("unexpected " + token);
        }
    }

    /**
     * A {@code Double} if its text is the same. Otherwise a {@code BigDecimal}, which keeps all digits: version 3.10 is
     * not 3.1.
     */
    private static Number fraction(JsonParser parser) throws IOException {
        double number = parser.getDoubleValue();
        return Double.toString(number).equals(parser.getText()) ? (Number) number : parser.getDecimalValue();
    }

    @SuppressWarnings("unchecked") // objects are only ever made by value(), with String keys
    private static Map<String, Object> asObject(@CheckForNull Object value) throws IOException {
        if (value instanceof Map) {
            return (Map<String, Object>) value;
        }
        throw new IOException("not a JSON object");
    }
}
