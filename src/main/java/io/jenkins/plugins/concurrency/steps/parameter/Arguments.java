package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.sf.json.JSONNull;

/** Reads list and map arguments, which Pipeline passes unchecked. */
public final class Arguments {

    /** The end of a message about a closure that is not allowed. It names the step that runs closures. */
    static final String CLOSURE_HINT = "; closures are run by 'gather'";

    private Arguments() {}

    /**
     * The items of a list argument. A text has one item in each line, as in a form.
     *
     * @return {@code null} if the argument is neither a list nor a text
     */
    @CheckForNull
    public static List<?> items(Object argument) {
        if (argument instanceof List<?> list) {
            return list;
        }
        if (argument instanceof Object[] array) {
            return List.of(array);
        }
        if (argument instanceof Iterable<?> iterable) {
            List<Object> items = new ArrayList<>();
            iterable.forEach(items::add);
            return items;
        }
        if (argument instanceof CharSequence text) {
            return text.toString().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        }
        return null;
    }

    /**
     * Converts an argument from a form to what a script would give: a text becomes the list of its lines, and an empty
     * text {@code null}. So the snippet generator writes a list.
     */
    @CheckForNull
    public static Object listed(@CheckForNull Object argument) {
        if (!(argument instanceof CharSequence)) {
            return argument;
        }
        List<?> lines = items(argument);
        return lines.isEmpty() ? null : new ArrayList<>(lines);
    }

    /** Converts what {@link #listed} returned back to a form's text. */
    public static String lines(@CheckForNull Object argument) {
        List<?> items = argument == null ? List.of() : items(argument);
        return items == null ? "" : items.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    /** Converts a whole number, or a text with one, to {@code Integer}; another text to {@code String}. */
    public static Object wholeNumber(Object argument) {
        String text = argument.toString().strip();
        try {
            return new BigDecimal(text).intValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            return argument instanceof CharSequence ? text : argument;
        }
    }

    /** Converts all texts in a value to {@code String}, because Groovy's own kinds of text can't leave the Pipeline. */
    @CheckForNull
    public static Object plain(@CheckForNull Object value) {
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        if (value instanceof Map<?, ?> map) {
            return plainMap(map);
        }
        if (value instanceof JSONNull) {
            return null; // readJSON gives this for null
        }
        if (value instanceof Object[] array) {
            return plain(Arrays.asList(array));
        }
        if (value instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        return value;
    }

    public static Map<String, Object> plainMap(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(String.valueOf(key), plain(item)));
        return copy;
    }

    /** Describes a wrong argument for a message. */
    public static String describe(@CheckForNull Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Closure) {
            return "a closure";
        }
        String type = value.getClass().getName();
        String text = value.toString();
        if (text.equals(type + '@' + Integer.toHexString(value.hashCode()))) {
            return type; // it has no better description
        }
        String kind = value instanceof CharSequence ? "text" : value instanceof Map ? "a map" : value instanceof List
                ? "a list"
                : value.getClass().getSimpleName();
        return kind + " (" + LogText.line(text) + ")";
    }

    /** {@link #CLOSURE_HINT} if the argument is a closure. */
    public static String closureHint(@CheckForNull Object value) {
        return value instanceof Closure ? CLOSURE_HINT : "";
    }
}
