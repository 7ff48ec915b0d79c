package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.concurrency.engine.json.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A replacement string of a command's template.
 *
 * @param name the name of the input's part that it stands for: a map's key, or the number of a list's item from 1;
 *     empty for the whole input
 * @param form how the part is changed
 */
record Placeholder(String name, Form form) {

    /** The possible names of an input's part. Braces around anything else belong to the command. */
    private static final Pattern NAME_OR_NUMBER = Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*|-?[0-9]+)(//|/\\.|/|\\.)?");

    /** Braces after these characters belong to curl, git, Ruby, templates, or to Bash: {@code exec {file}>}. */
    private static final Pattern BEFORE_OTHER_BRACES = Pattern.compile("([%@#{\\\\]|\\bexec\\s)\\z");

    /** A number in braces after these characters belongs to a regular expression. */
    private static final Pattern BEFORE_COUNT = Pattern.compile("([\\])]|\\\\[A-Za-z])\\z");

    private static final int NAMES_SHOWN = 10;

    /**
     * How the part is changed, and the characters at the end of the replacement string that ask for it; longer ones
     * first.
     */
    enum Form {
        DIRNAME("//"),
        BASENAME_NO_EXTENSION("/."),
        BASENAME("/"),
        NO_EXTENSION("."),
        NUMBER("#"),
        WHOLE("");

        private final String end;

        Form(String end) {
            this.end = end;
        }
    }

    /**
     * Parses the text between braces.
     *
     * @param names the names of the input's parts
     * @return {@code null} if it is no placeholder
     */
    @CheckForNull
    static Placeholder of(String inside, Set<String> names) {
        if (names.contains(inside)) {
            return new Placeholder(inside, Form.WHOLE);
        }
        for (Form form : Form.values()) {
            if (inside.endsWith(form.end)) {
                String name = inside.substring(0, inside.length() - form.end.length());
                if (name.isEmpty() || names.contains(name) && form != Form.NUMBER) {
                    return new Placeholder(name, form);
                }
            }
        }
        return null;
    }

    /**
     * Checks text between braces that is no placeholder.
     *
     * @param before the template's text before the braces
     * @throws IllegalArgumentException if it looks like the name of a part that the input does not have; with a message
     *     of one line
     */
    static void checkOther(String inside, Set<String> names, String before) {
        if (names.isEmpty() || !NAME_OR_NUMBER.matcher(inside).matches()
                || BEFORE_OTHER_BRACES.matcher(before).find()
                || Character.isDigit(inside.charAt(0)) && BEFORE_COUNT.matcher(before).find()) {
            return;
        }
        boolean number = inside.matches("[0-9]+");
        throw new IllegalArgumentException("{" + inside + "} is no part of the input, which has "
                + names.stream().limit(NAMES_SHOWN).map(name -> "{" + name + "}").collect(Collectors.joining(", "))
                + (names.size() > NAMES_SHOWN ? ", …" : "")
                + "; for braces that belong to the command write "
                + (number ? "{" + inside + "," + inside + "}" : "{ " + inside + " }"));
    }

    /** The names of an input's parts, in order; empty if the input is neither a map nor a list. */
    static Set<String> names(@CheckForNull Object input) {
        if (input instanceof Map<?, ?> map) {
            return map.keySet().stream().map(String::valueOf).collect(Collectors.toCollection(LinkedHashSet::new));
        }
        return input instanceof List<?> list
                ? IntStream.rangeClosed(1, list.size())
                        .mapToObj(String::valueOf)
                        .collect(Collectors.toCollection(LinkedHashSet::new))
                : Set.of();
    }

    String text() {
        return "{" + name + form.end + "}";
    }

    /** @param number the task's number, from 1 */
    String value(@CheckForNull Object input, int number) {
        Object part = part(input);
        String text = part instanceof String given ? given : Json.write(part);
        return switch (form) {
            case WHOLE -> text;
            case NO_EXTENSION -> withoutExtension(text);
            case BASENAME -> basename(text);
            case DIRNAME -> dirname(text);
            case BASENAME_NO_EXTENSION -> withoutExtension(basename(text));
            case NUMBER -> Integer.toString(number);
        };
    }

    @CheckForNull
    private Object part(@CheckForNull Object input) {
        if (name.isEmpty()) {
            return input;
        }
        return input instanceof List<?> list ? list.get(Integer.parseInt(name) - 1) : ((Map<?, ?>) input).get(name);
    }

    private static String basename(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Works like {@code dirname}: ignores slashes at the end, and treats several slashes as one. */
    private static String dirname(String path) {
        String name = withoutSlashes(path);
        int slash = name.lastIndexOf('/');
        if (slash < 0) {
            return name.isEmpty() && path.startsWith("/") ? "/" : ".";
        }
        String folder = withoutSlashes(name.substring(0, slash));
        return folder.isEmpty() ? "/" : folder;
    }

    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /** A dot at the beginning of a name begins no extension. */
    private static String withoutExtension(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
    }
}
