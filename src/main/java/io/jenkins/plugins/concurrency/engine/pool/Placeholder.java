package io.jenkins.plugins.concurrency.engine.pool;

import java.util.Locale;

/** A replacement string of a command's template, with the shell variable that has its value. */
enum Placeholder {
    INPUT("{}"),
    NO_EXTENSION("{.}"),
    BASENAME("{/}"),
    DIRNAME("{//}"),
    BASENAME_NO_EXTENSION("{/.}"),
    NUMBER("{#}");

    final String text;
    final String variable = "parallel_" + name().toLowerCase(Locale.ROOT);

    Placeholder(String text) {
        this.text = text;
    }

    String value(String input, int number) {
        return switch (this) {
            case INPUT -> input;
            case NO_EXTENSION -> withoutExtension(input);
            case BASENAME -> basename(input);
            case DIRNAME -> dirname(input);
            case BASENAME_NO_EXTENSION -> withoutExtension(basename(input));
            case NUMBER -> Integer.toString(number);
        };
    }

    private static String basename(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** As {@code dirname} has it: slashes at the end, and several for one, say nothing. */
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

    /** A name that only begins with a dot has none. */
    private static String withoutExtension(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
    }
}
