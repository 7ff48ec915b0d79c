package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * A command for a POSIX shell with GNU parallel's replacement strings: <code>{}</code> the input, <code>{.}</code>
 * without its extension, <code>{/}</code> its last path segment, <code>{//}</code> its folder, <code>{/.}</code> the
 * last segment without extension, <code>{#}</code> the task's number from 1. Without any of them the input is
 * appended.
 *
 * <p>The input never becomes part of the command's text: it is assigned to a shell variable, as a literal, and the
 * placeholders become expansions of that variable, which a shell does not read again. The template's own quotes are
 * followed so that a placeholder is one word wherever it stands: bare, in single or double quotes, in a command
 * substitution. In a here-document, whose quotes are plain text, the value has quotes around it. What a command makes of
 * the word is its own affair: another shell that is given it as a script ({@code bash -c 'echo {}'}) reads it. Immutable.
 */
public final class CommandTemplate {

    private enum Placeholder {
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
    }

    private final String script;
    private final Set<Placeholder> used;

    private CommandTemplate(String script, Set<Placeholder> used) {
        this.script = script;
        this.used = used;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it has no place for the input or a quote without an end, in one line
     */
    @NonNull
    public static CommandTemplate parse(@NonNull String template) {
        Parser parser = new Parser(template);
        parser.parse();
        parser.checkQuotes();
        if (parser.used.isEmpty()) {
            Parser withInput = new Parser(template.stripTrailing() + " " + Placeholder.INPUT.text);
            withInput.parse();
            if (withInput.used.isEmpty()) {
                throw new IllegalArgumentException(
                        "the command ends in a comment, so the input has no place; write {} where it belongs");
            }
            parser = withInput;
        }
        return new CommandTemplate(parser.script.toString(), parser.used);
    }

    /**
     * The shell script for one input.
     *
     * @param number the task's number, from 1
     * @throws IllegalArgumentException if the input has a NUL character, which no argument can carry
     */
    @NonNull
    public String expand(@NonNull String input, int number) {
        if (input.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the input has a NUL character, which no command can receive");
        }
        StringBuilder expanded = new StringBuilder();
        for (Placeholder placeholder : used) {
            expanded.append(placeholder.variable)
                    .append('=')
                    .append(literal(placeholder.value(input, number)))
                    .append('\n');
        }
        return expanded.append(script).toString();
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    private static String basename(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String dirname(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    }

    private static String withoutExtension(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
    }

    /** Follows a shell's quoting as far as needed to know which quotes a placeholder stands in. */
    private static final class Parser {

        final StringBuilder script = new StringBuilder();
        final Set<Placeholder> used = EnumSet.noneOf(Placeholder.class);

        private final String template;

        /** What encloses the current place, innermost last: a quote, or {@code (} and {@code `} for substitutions. */
        private final Deque<Character> open = new ArrayDeque<>();

        private int position;

        Parser(String template) {
            this.template = template;
        }

        void parse() {
            while (position < template.length()) {
                Placeholder placeholder = placeholderHere();
                if (placeholder == null) {
                    character(template.charAt(position));
                } else {
                    used.add(placeholder);
                    script.append(expansion(placeholder));
                    position += placeholder.text.length();
                }
            }
        }

        /** Where quotes may be plain text, in here-documents and Bash's own quotes, only the shell knows. */
        void checkQuotes() {
            if (template.contains("<<") || template.contains("$'")) {
                return;
            }
            for (char quote : open) {
                if (quote != '(') {
                    throw new IllegalArgumentException("the quote " + quote + " has no end in: "
                            + template.strip().lines().findFirst().orElse(""));
                }
            }
        }

        private Placeholder placeholderHere() {
            boolean parameterExpansion = position > 0 && template.charAt(position - 1) == '$';
            if (template.charAt(position) != '{' || parameterExpansion) {
                return null;
            }
            for (Placeholder placeholder : Placeholder.values()) {
                if (template.startsWith(placeholder.text, position)) {
                    return placeholder;
                }
            }
            return null;
        }

        private String expansion(Placeholder placeholder) {
            String bare = "${" + placeholder.variable + "}";
            return switch (innermost()) {
                case '"' -> bare;
                case '\'' -> "'\"" + bare + "\"'";
                default -> '"' + bare + '"';
            };
        }

        private void character(char c) {
            char around = innermost();
            if (around == '\'') {
                if (c == '\'') {
                    open.removeLast();
                }
            } else if (c == '\\' && position + 1 < template.length()) {
                keep();
            } else if (c == '"' || c == '`') {
                toggle(c);
            } else if (c == '\'' && around != '"') {
                open.addLast(c);
            } else if (c == '#' && around != '"' && isAtWordStart()) {
                keepComment();
                return;
            } else if (c == '$' && template.startsWith("(", position + 1)) {
                keep();
                open.addLast('(');
            } else if (c == '(' && around == '(') {
                open.addLast(c);
            } else if (c == ')' && around == '(') {
                open.removeLast();
            }
            keep();
        }

        /** A blank where nothing is open. */
        private char innermost() {
            return open.isEmpty() ? ' ' : open.peekLast();
        }

        private void toggle(char quote) {
            if (innermost() == quote) {
                open.removeLast();
            } else {
                open.addLast(quote);
            }
        }

        private boolean isAtWordStart() {
            return position == 0 || " \t\n;&|(".indexOf(template.charAt(position - 1)) >= 0;
        }

        private void keepComment() {
            while (position < template.length() && template.charAt(position) != '\n') {
                keep();
            }
        }

        private void keep() {
            script.append(template.charAt(position++));
        }
    }
}
