package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Names with values, in the encoding of queries and forms: {@code application/x-www-form-urlencoded} (URL standard,
 * 5.2).
 */
public final class FormFields {

    private FormFields() {}

    /**
     * Reads the fields that a script or JSON gives, with a text or a list of texts for each name.
     *
     * @param given {@code null} for no fields
     * @throws IllegalArgumentException if it is no map of such values; the message is one line that shows no value
     */
    public static Map<String, Object> of(String parameter, @CheckForNull Object given) {
        if (given == null) {
            return Map.of();
        }
        if (!(given instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("'" + parameter + "' is not a map from names to values");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            String what = parameter + " '" + MessageText.line(String.valueOf(name)) + "'";
            boolean several = value instanceof List;
            fields.put(
                    String.valueOf(name),
                    several ? ((List<?>) value).stream().map(item -> text(what, item)).toList() : text(what, value));
        });
        return Collections.unmodifiableMap(fields);
    }

    /** @param what the name of the value in the message */
    static String text(String what, @CheckForNull Object value) {
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        if (value == null) {
            throw new IllegalArgumentException(what + " is null; leave it out or give it a value");
        }
        String kind = value instanceof Map ? "map" : value instanceof List ? "list" : value.getClass().getSimpleName();
        throw new IllegalArgumentException(what + " is a " + kind + "; allowed are text, numbers and booleans");
    }

    /** Encodes the fields. A name with a list is repeated. */
    public static String encoded(Map<String, ?> fields) {
        StringJoiner pairs = new StringJoiner("&");
        fields.forEach((name, value) -> {
            for (Object item : value instanceof List<?> several ? several : List.of(value)) {
                pairs.add(encoded(name) + "=" + encoded(item.toString()));
            }
        });
        return pairs.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
