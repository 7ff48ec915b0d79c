package io.jenkins.plugins.concurrency.engine.pool;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A command for a POSIX shell with GNU parallel's replacement strings: <code>{}</code> the input, <code>{.}</code>
 * without its extension, <code>{/}</code> its last path segment, <code>{//}</code> its folder, <code>{/.}</code> the
 * last segment without extension, <code>{#}</code> the task's number from 1. Without any of them the input is appended.
 *
 * <p>The input never becomes part of the command's text. It is assigned to a shell variable, as a literal, and the
 * placeholders become expansions of that variable, which a shell does not parse again. The template's own quotes are
 * parsed, so that a placeholder is one word anywhere: bare, in single or double quotes, in a command substitution. In a
 * here-document it is plain text. In arithmetic, where a shell would evaluate it, it has to be a number. The command
 * may still evaluate the word itself, like another shell that gets it as a script ({@code bash -c 'echo {}'}).
 * Immutable.
 */
public final class CommandTemplate {

    /** What shells take for a number without evaluating a name or an expression in it. */
    private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?(0[xX][0-9a-fA-F]+|[0-9]+)\\s*");

    private final String text;
    private final String script;
    private final Set<Placeholder> used;
    private final Set<Placeholder> numbers;

    private CommandTemplate(String text, TemplateParser parser) {
        this.text = text;
        this.script = parser.script();
        this.used = parser.used();
        this.numbers = parser.numbers();
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it has no place for the input or a quote without an end, in one line
     */
    public static CommandTemplate parse(String template) {
        TemplateParser parser = new TemplateParser(template);
        parser.parse();
        parser.checkQuotes();
        if (parser.used().isEmpty()) {
            if (parser.endsInHereDocument()) {
                throw noPlace("here-document");
            }
            parser = new TemplateParser(template.stripTrailing() + " " + Placeholder.INPUT.text);
            parser.parse();
            if (parser.used().isEmpty()) {
                throw noPlace("comment");
            }
        }
        return new CommandTemplate(template, parser);
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    private static IllegalArgumentException noPlace(String end) {
        return new IllegalArgumentException(
                "the command ends in a " + end + ", so the input can't be appended; write {} where it is needed");
    }

    /**
     * The shell script for one input.
     *
     * @param number the task's number, from 1
     * @throws IllegalArgumentException if the input has a NUL character, which no argument can carry, or is no number
     *     where only that can stand; in one line
     */
    public String expand(String input, int number) {
        if (input.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the input has a NUL character, which no command can receive");
        }
        StringBuilder expanded = new StringBuilder();
        for (Placeholder placeholder : used) {
            String value = placeholder.value(input, number);
            if (numbers.contains(placeholder) && !NUMBER.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        placeholder.text + " is not a whole number, but is used in arithmetic: $(( ))");
            }
            expanded.append(placeholder.variable).append('=').append(literal(value)).append('\n');
        }
        return expanded.append(script).toString();
    }

    /** A text as one word of a POSIX shell. */
    public static String literal(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
