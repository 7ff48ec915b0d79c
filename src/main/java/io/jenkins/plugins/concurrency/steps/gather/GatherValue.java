package io.jenkins.plugins.concurrency.steps.gather;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.GroovyObject;
import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.mask.SecretMask;
import io.jenkins.plugins.concurrency.steps.parameter.Arguments;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * How a closure's value is kept. A value that JSON can express is only in the journal. Another serializable value, or
 * one that is too large for a journal's line, is in the program state like a variable, and the journal has its text. Of
 * a value that can't be serialized, only the text is kept. Immutable.
 */
final class GatherValue implements Serializable {

    private static final long serialVersionUID = 1;

    private static final int MAX_JSON = 1024 * 1024;
    private static final int MAX_TEXT = 1000;
    private static final int MAX_DEPTH = 100;

    private final Object json;
    private final Object object;

    private GatherValue(@CheckForNull Object json, @CheckForNull Object object) {
        this.json = json;
        this.object = object;
    }

    static GatherValue of(@CheckForNull Object value) {
        if (consistsOf(value, GatherValue::isJson, 0) && Json.write(value).length() <= MAX_JSON) {
            return new GatherValue(Arguments.plain(value), null); // also makes a String of Groovy's own texts
        }
        boolean keep = consistsOf(value, Serializable.class::isInstance, 0);
        return new GatherValue(text(value), keep ? value : null);
    }

    /** A copy without secrets in the journal. A value with secrets is stored in the program state as it is. */
    GatherValue masked(SecretMask mask) {
        Object masked = mask.value(json);
        return Objects.equals(masked, json) ? this : new GatherValue(masked, object == null ? json : object);
    }

    /** The value for the journal. */
    @CheckForNull
    Object json() {
        return json;
    }

    /** The value in the program state; {@code null} if it is only in the journal. */
    @CheckForNull
    Object object() {
        return object;
    }

    private static boolean isJson(Object value) {
        return value instanceof CharSequence
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof BigInteger
                || value instanceof BigDecimal
                || value instanceof Double number && !number.isNaN() && !number.isInfinite();
    }

    /**
     * Whether every value in lists and maps meets a condition. Only lists and maps that JSON can express are searched.
     */
    private static boolean consistsOf(@CheckForNull Object value, Predicate<Object> leaf, int depth) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        if (value == null) {
            return true;
        }
        if (value instanceof List<?> list) {
            return list.stream().allMatch(item -> consistsOf(item, leaf, depth + 1));
        }
        if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(CharSequence.class::isInstance)) {
            return map.values().stream().allMatch(item -> consistsOf(item, leaf, depth + 1));
        }
        return leaf.test(value);
    }

    private static String text(@CheckForNull Object value) {
        if (value instanceof GroovyObject) {
            return value.getClass().getName(); // its methods belong to the script, and can't be called from here
        }
        String text = String.valueOf(value);
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
