package io.jenkins.plugins.concurrency.engine.pool.function;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what a function returned into JSON values, or says which part of it can't travel. */
final class JsonValues {

    private static final int MAX_DEPTH = 100;

    private JsonValues() {}

    /** @throws IllegalArgumentException if the value, or one inside it, has no counterpart in JSON; in one line */
    static Object of(Object value) {
        return of(value, 0);
    }

    private static Object of(@CheckForNull Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the function returned a value nested deeper than " + MAX_DEPTH);
        }
        if (value == null || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof CharSequence || value instanceof Character) {
            return value.toString();
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), of(item, depth + 1)));
            return copy;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(of(item, depth + 1)));
            return copy;
        }
        if (value.getClass().isArray()) {
            List<Object> copy = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                copy.add(of(Array.get(value, i), depth + 1));
            }
            return copy;
        }
        throw refused(value.getClass().getName());
    }

    private static Object number(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value)) {
            throw refused("NaN");
        }
        if ((number instanceof Double || number instanceof Float) && Double.isInfinite(value)) {
            throw refused("an infinite number");
        }
        return number instanceof java.util.concurrent.atomic.AtomicInteger
                        || number instanceof java.util.concurrent.atomic.AtomicLong
                ? (Object) number.longValue()
                : number;
    }

    private static IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("the function returned " + what
                + "; return numbers, strings, booleans, lists, maps or null, for example a date as text");
    }
}
