package io.jenkins.plugins.concurrency.steps.parameter;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import groovy.lang.Closure;
import io.jenkins.plugins.concurrency.steps.log.LogText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.sf.json.JSONNull;

/** Reads list and map arguments, which Pipeline passes unchecked. */
public final class Arguments {

    /** The end of a message about a closure where none can be: what runs closures. */
    static final String CLOSURE_HINT = "; closures are run by 'gather'";

    private Arguments() {}

    /**
     * The items of a list argument; a text is read as one item a line, as forms give it.
     *
     * @return {@code null} if the argument is neither
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
     * An argument as a script gives it: a form's text becomes the list of its lines, and an empty one none. So the
     * snippet generator writes a list too.
     */
    @CheckForNull
    public static Object listed(@CheckForNull Object argument) {
        if (!(argument instanceof CharSequence)) {
            return argument;
        }
        List<?> lines = items(argument);
        return lines.isEmpty() ? null : new ArrayList<>(lines);
    }

    /** What {@link #listed} was made of, for a form. */
    public static String lines(@CheckForNull Object argument) {
        List<?> items = argument == null ? List.of() : items(argument);
        return items == null ? "" : items.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    /** A value with every text in it a {@code String}: Groovy's own kinds of text do not leave the Pipeline. */
    @CheckForNull
    public static Object plain(@CheckForNull Object value) {
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        if (value instanceof Map<?, ?> map) {
            return plainMap(map);
        }
        if (value instanceof JSONNull) {
            return null; // of a parsed text, as readJSON gives it
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

    /** What kind of thing a wrong argument is, for a message. */
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
            return type; // which is all that there is to say of it
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
