package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * The body of a request, as the user wrote it.
 *
 * @param value a text, a path, a JSON value, the fields of a form, or the parts of a multipart body. Each part is a map
 *     from its keys to texts
 */
public record BodySpec(Kind kind, Object value) {

    /** The form in which the user gives it. */
    public enum Kind {
        BODY("body"),
        BODY_FILE("bodyFile"),
        JSON("json"),
        FORM("form"),
        MULTIPART("multipart");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** The name that users write. */
        public String key() {
            return key;
        }
    }

    /** Finds the files that are sent. */
    @FunctionalInterface
    public interface Sources {

        /**
         * @throws IllegalArgumentException if the file may not be sent; the message is one line
         * @throws IOException if the file system can't tell
         */
        Path path(String file) throws IOException;
    }

    private static final List<Kind> KINDS = List.of(Kind.values());

    private static final List<String> PART_KEYS = List.of("file", "filename", "name", "text", "type");

    /**
     * @throws IllegalArgumentException if the value does not fit the kind; the message is one line that does not show
     *     it
     */
    public BodySpec {
        value = switch (kind) {
            case BODY, BODY_FILE -> FormFields.text("'" + kind.key + "'", value);
            case JSON -> jsonValue(value);
            case FORM -> FormFields.of(kind.key, value);
            case MULTIPART -> parts(value);
        };
    }

    /**
     * The body that is given.
     *
     * @param fields the value of each {@link Kind#key}, {@code null} if it is not given
     * @return {@code null} if there is no body
     * @throws IllegalArgumentException if two bodies are given, or the value is invalid
     */
    @CheckForNull
    public static BodySpec of(Function<String, ?> fields) {
        Kind given = null;
        for (Kind kind : KINDS) {
            if (fields.apply(kind.key) != null) {
                if (given != null) {
                    throw new IllegalArgumentException(
                            "'" + given.key + "' and '" + kind.key + "' are both given; give one of them");
                }
                given = kind;
            }
        }
        return given == null ? null : new BodySpec(given, fields.apply(given.key));
    }

    private static Object jsonValue(Object value) {
        try {
            Json.write(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'json' is not a JSON value: " + MessageText.line(e.getMessage()));
        }
        return value;
    }

    private static List<Map<String, Object>> parts(Object given) {
        List<Map<String, Object>> parts = new ArrayList<>();
        if (given instanceof Map<?, ?> named) {
            named.forEach((name, value) -> {
                for (Object item : value instanceof List<?> several ? several : Collections.singletonList(value)) {
                    parts.add(part(String.valueOf(name), item));
                }
            });
        } else if (given instanceof List<?> list) {
            list.forEach(item -> parts.add(part(null, item)));
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "'multipart' has no parts; allowed are a list of maps, and a map from names to texts and maps");
        }
        return Collections.unmodifiableList(parts);
    }

    /** @param name the name before the part; {@code null} if the part must have its own */
    private static Map<String, Object> part(@CheckForNull String name, @CheckForNull Object given) {
        Map<String, Object> part = new LinkedHashMap<>();
        if (name != null) {
            part.put("name", name);
        }
        if (given instanceof Map<?, ?> fields) {
            fields.forEach((key, value) -> {
                if (!PART_KEYS.contains(String.valueOf(key)) || part.containsKey(String.valueOf(key))) {
                    throw new IllegalArgumentException("'multipart' has a part with the key '"
                            + MessageText.line(String.valueOf(key)) + "'; allowed are " + PART_KEYS
                            + ", without 'name' in a map from names");
                }
                part.put(key.toString(), FormFields.text("'" + key + "' of a part of 'multipart'", value));
            });
        } else if (name == null) {
            throw new IllegalArgumentException("'multipart' has a part that is not a map");
        } else {
            part.put("text", FormFields.text("multipart '" + MessageText.line(name) + "'", given));
        }
        if (!part.containsKey("name") || part.containsKey("text") == part.containsKey("file")) {
            throw new IllegalArgumentException("'multipart' has a part without a 'name' or without exactly one of 'text' and 'file'");
        }
        if (!HttpSyntax.isFieldValue((String) part.getOrDefault("type", ""))) {
            throw new IllegalArgumentException("'multipart' has a part whose 'type' has a character that headers can't have");
        }
        return Collections.unmodifiableMap(part);
    }

    /** The files to send, as the user named them. */
    public List<String> files() {
        return switch (kind) {
            case BODY_FILE -> List.of((String) value);
            case MULTIPART -> ((List<?>) value)
                    .stream().map(part -> (String) ((Map<?, ?>) part).get("file")).filter(file -> file != null).toList();
            default -> List.of();
        };
    }

    /** The body to send, with the present sizes of its files. */
    public RequestBody toBody(Sources sources) throws IOException {
        return switch (kind) {
            case BODY -> RequestBody.Text.of((String) value, "text/plain; charset=UTF-8");
            case BODY_FILE -> fromFile((String) value, sources);
            case JSON -> RequestBody.Text.of(Json.write(value), "application/json");
            case FORM -> RequestBody.Text.of(
                    FormFields.encoded(FormFields.of(kind.key, value)), "application/x-www-form-urlencoded");
            case MULTIPART -> multipart(sources);
        };
    }

    private static RequestBody.FromFile fromFile(String file, Sources sources) throws IOException {
        return RequestBody.FromFile.of(file, sources.path(file));
    }

    private RequestBody multipart(Sources sources) throws IOException {
        String boundary = UUID.randomUUID().toString(); // no part can contain it, because nobody can know it
        List<RequestBody> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Object each : (List<?>) value) {
            Map<?, ?> part = (Map<?, ?>) each;
            String file = (String) part.get("file");
            Object filename = part.get("filename");
            if (filename == null && file != null) {
                filename = file.substring(file.lastIndexOf('/') + 1);
            }
            Object type = part.get("type");
            if (type == null && file != null) {
                type = "application/octet-stream";
            }
            text.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
            text.append(quoted(part.get("name"))).append('"');
            text.append(filename == null ? "" : "; filename=\"" + quoted(filename) + '"').append("\r\n");
            text.append(type == null ? "" : "Content-Type: " + type + "\r\n").append("\r\n");
            if (file == null) {
                text.append(part.get("text"));
            } else {
                pieces.add(RequestBody.Text.of(text.toString(), ""));
                pieces.add(fromFile(file, sources));
                text.setLength(0);
            }
            text.append("\r\n");
        }
        pieces.add(RequestBody.Text.of(text.append("--").append(boundary).append("--\r\n").toString(), ""));
        return new RequestBody.Sequence(List.copyOf(pieces), "multipart/form-data; boundary=" + boundary);
    }

    /** Names are written as in browsers (HTML standard, 4.10.21.8). RFC 7578 leaves this open. */
    private static String quoted(Object name) {
        return name.toString().replace("\n", "%0A").replace("\r", "%0D").replace("\"", "%22");
    }
}
