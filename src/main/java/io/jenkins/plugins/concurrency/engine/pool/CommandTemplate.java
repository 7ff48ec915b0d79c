package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A command for a POSIX shell with GNU parallel's replacement strings: <code>{}</code> the input, <code>{.}</code>
 * without its extension, <code>{/}</code> its last path segment, <code>{//}</code> its folder, <code>{/.}</code> the
 * last segment without extension, <code>{#}</code> the task's number from 1. Of an input that is a map, <code>{os}</code>
 * is the value of the key {@code os}, and of a list <code>{1}</code> is the first item; the ends of the others go with
 * both, <code>{os/.}</code>. Without any of them the input is appended.
 *
 * <p>The input never becomes part of the command's text. It is assigned to a shell variable, as a literal, and the
 * placeholders become expansions of that variable, which a shell does not parse again. The template's own quotes are
 * parsed, so that a placeholder is one word anywhere: bare, in single or double quotes, in a command substitution. In a
 * here-document it is plain text. In arithmetic, where a shell would evaluate it, it has to be a number. The command
 * may still evaluate the word itself, like {@code let} or another shell that gets it as a script ({@code bash -c 'echo
 * {}'}).
 * Immutable.
 */
public final class CommandTemplate {

    /** Values that every shell reads as a number, without evaluating a name or an expression in them. */
    private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?(0[xX][0-9a-fA-F]+|[0-9]+)\\s*");

    private final String text;

    /** The script for the last input. Most inputs have the same parts. */
    private volatile Script script;

    /** @param text is parsed with the first input, because the input says which parts there are */
    public CommandTemplate(String text) {
        this.text = text;
    }

    /**
     * Parses a template for inputs without parts.
     *
     * @throws IllegalArgumentException if it has no place for the input, or a quote without an end; with a message of
     *     one line
     */
    public static CommandTemplate parse(String text) {
        CommandTemplate template = new CommandTemplate(text);
        template.script(Set.of());
        return template;
    }

    private record Script(Set<String> names, String text, Map<Placeholder, String> used, Set<Placeholder> numbers) {}

    private Script script(Set<String> names) {
        Script last = script;
        if (last == null || !last.names.equals(names)) {
            TemplateParser parser = parsed(names);
            last = new Script(names, parser.script(), parser.used(), parser.numbers());
            script = last;
        }
        return last;
    }

    private TemplateParser parsed(Set<String> names) {
        TemplateParser parser = new TemplateParser(text, names);
        parser.parse();
        parser.checkQuotes();
        if (parser.used().isEmpty()) {
            if (parser.endsInHereDocument()) {
                throw noPlace("here-document");
            }
            parser = new TemplateParser(text.stripTrailing() + " {}", names);
            parser.parse();
            if (parser.used().isEmpty()) {
                throw noPlace("comment");
            }
        }
        return parser;
    }

    /** The template as it was given. */
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
     * @throws IllegalArgumentException if a value contains NUL, which no argument can contain; if a value is no number
     *     where a number is needed; or if the template names a part that the input does not have; with a message of one
     *     line
     */
    public String expand(@CheckForNull Object input, int number) {
        Script read = script(Placeholder.names(input));
        StringBuilder expanded = new StringBuilder();
        read.used.forEach((placeholder, variable) -> {
            String value = placeholder.value(input, number);
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("the input has a NUL character, which no command can receive");
            }
            if (read.numbers.contains(placeholder) && !NUMBER.matcher(value).matches()) {
                throw new IllegalArgumentException(placeholder.text()
                        + " is not a whole number, but is used in arithmetic, like $(( )), ${a[ ]} or [[ -eq ]]");
            }
            expanded.append(variable).append('=').append(literal(value)).append('\n');
        });
        return expanded.append(read.text).toString();
    }

    /** Checks all inputs, one after the other, before the first is used. */
    public static final class InputCheck {
        private final CommandTemplate template;
        private Boolean usesParts;

        public InputCheck(String template) {
            this.template = new CommandTemplate(template);
        }

        /**
         * @throws IllegalArgumentException if the template can't be used with this input; with a message of one line
         */
        public void accept(@CheckForNull Object input) {
            boolean uses = template.script(Placeholder.names(input)).used.keySet().stream()
                    .anyMatch(used -> !used.name().isEmpty());
            if (usesParts != null && usesParts != uses) {
                throw new IllegalArgumentException("the command uses parts of inputs, but not every input has them");
            }
            usesParts = uses;
        }
    }

    /** Quotes a text, so that it is one word of a POSIX shell. */
    public static String literal(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
