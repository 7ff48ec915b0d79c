package io.jenkins.plugins.concurrency.engine.json;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads typed fields of a parsed JSON object. For a missing field or a wrong type, the error is one line that names the
 * field. Immutable view.
 *
 * @param fields the parsed object
 */
public record JsonObject(Map<String, Object> fields) {

    /** Reads an object from its text. */
    public static JsonObject parse(String text) throws IOException {
        return new JsonObject(Json.parseObject(text));
    }

    public boolean has(String field) {
        return fields.get(field) != null;
    }

    public String string(String field) throws IOException {
        return required(field, stringOrNull(field));
    }

    @CheckForNull
    public String stringOrNull(String field) throws IOException {
        return typed(field, String.class);
    }

    public int integer(String field) throws IOException {
        long value = longValue(field);
        if (value != (int) value) {
            throw new IOException("'" + field + "' is out of range: " + value);
        }
        return (int) value;
    }

    public long longValue(String field) throws IOException {
        return required(field, typed(field, Number.class)).longValue();
    }

    public double doubleValue(String field) throws IOException {
        return required(field, typed(field, Number.class)).doubleValue();
    }

    /** @return the field's value; {@code false} if it is missing */
    public boolean flag(String field) throws IOException {
        Boolean value = typed(field, Boolean.class);
        return value != null && value;
    }

    @SuppressWarnings("unchecked") // the parser makes no other maps
    public JsonObject object(String field) throws IOException {
        return new JsonObject((Map<String, Object>) required(field, typed(field, Map.class)));
    }

    /** @return the field's entries as text; empty if it is missing */
    public Map<String, String> strings(String field) throws IOException {
        if (!has(field)) {
            return Map.of();
        }
        Map<String, String> strings = new java.util.LinkedHashMap<>();
        object(field).fields().forEach((key, value) -> strings.put(key, String.valueOf(value)));
        return strings;
    }

    /** @return the field's items; empty if it is missing */
    public List<?> list(String field) throws IOException {
        List<?> value = typed(field, List.class);
        return value == null ? List.of() : value;
    }

    /** @return the field's items, which are objects; empty if it is missing */
    @SuppressWarnings("unchecked") // the parser makes no other maps
    public List<JsonObject> objects(String field) throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : list(field)) {
            if (!(item instanceof Map)) {
                throw new IOException("'" + field + "' is not a list of objects: " + item);
            }
            objects.add(new JsonObject((Map<String, Object>) item));
        }
        return objects;
    }

    @CheckForNull
    private <T> T typed(String field, Class<T> type) throws IOException {
        Object value = fields.get(field);
        if (value != null && !type.isInstance(value)) {
            throw new IOException("'" + field + "' is not a " + type.getSimpleName() + ": " + value);
        }
        return type.cast(value);
    }

    private static <T> T required(String field, @CheckForNull T value) throws IOException {
        if (value == null) {
            throw new IOException("'" + field + "' is missing");
        }
        return value;
    }
}
