package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces the placeholders of a template by expansions of shell variables. Parses as much of the shell's language as
 * needed to know the context of each: quotes, substitutions, arithmetic, here-documents. Used once.
 */
final class TemplateParser {

    // The kinds of context.
    private static final char NOTHING = ' ';
    private static final char SUBSTITUTION = '(';
    private static final char ARITHMETIC = '+';
    private static final char HERE_DOCUMENT = '<';

    private static final String BLANKS = " \t";
    private static final String ENDS_OF_WORDS = " \t\n;&|()<>";

    private final String template;
    private final Set<String> names;
    private final StringBuilder script = new StringBuilder();
    private final Map<Placeholder, String> used;
    private final Set<Placeholder> numbers;

    /**
     * The contexts around the current position, innermost last. For quotes and backquotes it is the character itself.
     */
    private final Deque<Character> open = new ArrayDeque<>();

    private final List<HereDocument> announced = new ArrayList<>();
    private boolean endsInHereDocument;
    private int position;

    /** @param names the names of the inputs' parts; empty if they have no parts */
    TemplateParser(String template, Set<String> names) {
        this(template, names, new LinkedHashMap<>(), new HashSet<>());
    }

    private TemplateParser(
            String template, Set<String> names, Map<Placeholder, String> used, Set<Placeholder> numbers) {
        this.template = template;
        this.names = names;
        this.used = used;
        this.numbers = numbers;
    }

    /** The script. Each placeholder has become a shell variable. */
    String script() {
        return script.toString();
    }

    /** The placeholders of the template, each with its shell variable. */
    Map<Placeholder, String> used() {
        return used;
    }

    /** The placeholders in arithmetic, where a shell evaluates the value. Only numbers are allowed there. */
    Set<Placeholder> numbers() {
        return numbers;
    }

    /** Whether text that is appended to the template would be part of a here-document. */
    boolean endsInHereDocument() {
        return endsInHereDocument;
    }

    /** @throws IllegalArgumentException if there is a placeholder where none is possible; with a message of one line */
    void parse() {
        while (position < template.length()) {
            Placeholder placeholder = placeholderHere();
            if (placeholder == null) {
                character(template.charAt(position));
            } else {
                put(placeholder);
            }
        }
    }

    /**
     * Checks that all quotes have an end. Does not check templates with quotes of the form {@code $'}, which only Bash
     * knows: there, a quote may be plain text.
     *
     * @throws IllegalArgumentException if a quote has no end; with a message of one line
     */
    void checkQuotes() {
        if (template.contains("$'")) {
            return;
        }
        for (char around : open) {
            if (around == '"' || around == '\'' || around == '`') {
                throw new IllegalArgumentException("the quote " + around + " has no end in: "
                        + template.strip().lines().findFirst().orElse(""));
            }
        }
    }

    /**
     * The placeholder at the current position, if there is one.
     *
     * @throws IllegalArgumentException if it names an unknown part; with a message of one line
     */
    @CheckForNull
    private Placeholder placeholderHere() {
        boolean parameterExpansion = position > 0 && template.charAt(position - 1) == '$';
        int end = template.charAt(position) == '{' && !parameterExpansion ? template.indexOf('}', position) : -1;
        if (end < 0) {
            return null;
        }
        String inside = template.substring(position + 1, end);
        Placeholder placeholder = Placeholder.of(inside, names);
        if (placeholder == null) {
            Placeholder.checkOther(inside, names, template.substring(0, position));
        }
        return placeholder;
    }

    private void put(Placeholder placeholder) {
        used.putIfAbsent(placeholder, "parallel_" + used.size());
        if (innermost() == ARITHMETIC) {
            numbers.add(placeholder);
        }
        script.append(expansion(placeholder));
        position += placeholder.text().length();
    }

    private String expansion(Placeholder placeholder) {
        String bare = "${" + used.get(placeholder) + "}";
        return switch (innermost()) {
            case '"', ARITHMETIC, HERE_DOCUMENT -> bare;
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
            keep();
        } else if (c == '\\' && position + 1 < template.length()) {
            keep();
            keep();
        } else if (c == '$' && template.startsWith("(", position + 1)) {
            keep();
            parenthesis();
        } else if (c == '`') {
            toggle(c);
            keep();
        } else if (around == ARITHMETIC) { // quotes mean nothing there
            nest(c, around);
            keep();
        } else if (around == '"' || around == HERE_DOCUMENT) {
            if (c == '"' && around == '"') {
                open.removeLast();
            }
            keep();
        } else {
            code(c);
        }
    }

    /** Handles a character outside quotes, where operators and words have their usual meaning. */
    private void code(char c) {
        if (c == '#' && isAtWordStart()) {
            keepComment();
        } else if (c == '<' && template.startsWith("<<", position)) {
            redirection();
        } else if (template.startsWith("((", position) && isAtWordStart() && isArithmetic(position + 2)) {
            parenthesis();
        } else {
            if (c == '"' || c == '\'') {
                open.addLast(c);
            } else if (innermost() == SUBSTITUTION) {
                nest(c, SUBSTITUTION);
            }
            keep();
            if (c == '\n') {
                hereDocuments();
            }
        }
    }

    /** The innermost context; {@link #NOTHING} if there is none. */
    private char innermost() {
        return open.isEmpty() ? NOTHING : open.peekLast();
    }

    private void toggle(char quote) {
        if (innermost() == quote) {
            open.removeLast();
        } else {
            open.addLast(quote);
        }
    }

    private void nest(char c, char kind) {
        if (c == '(') {
            open.addLast(kind);
        } else if (c == ')') {
            open.removeLast();
        }
    }

    /** Begins arithmetic or a substitution. */
    private void parenthesis() {
        boolean arithmetic = template.startsWith("((", position) && isArithmetic(position + 2);
        if (arithmetic) {
            keep();
            open.addLast(ARITHMETIC);
        }
        keep();
        open.addLast(arithmetic ? ARITHMETIC : SUBSTITUTION);
    }

    /** Whether two parentheses close what two parentheses opened. Otherwise the inner ones are a subshell. */
    private boolean isArithmetic(int from) {
        int depth = 2;
        for (int i = from; i < template.length(); i++) {
            switch (template.charAt(i)) {
                case '\\' -> i++;
                case '(' -> depth++;
                case ')' -> depth--;
                default -> {}
            }
            if (depth == 1) {
                return template.startsWith(")", i + 1);
            }
        }
        return false;
    }

    private boolean isAtWordStart() {
        return position == 0 || ENDS_OF_WORDS.indexOf(template.charAt(position - 1)) >= 0;
    }

    private void keepComment() {
        while (position < template.length() && template.charAt(position) != '\n') {
            keep();
        }
    }

    private void keep() {
        keep(1);
    }

    private void keep(int length) {
        script.append(template, position, position + length);
        position += length;
    }

    /** Copies a redirection. If it announces a here-document, remembers it. */
    private void redirection() {
        boolean isHereString = template.startsWith("<<<", position);
        keep(isHereString ? 3 : 2);
        if (isHereString) {
            return;
        }
        boolean isIndented = template.startsWith("-", position);
        keep(isIndented ? 1 : 0);
        while (position < template.length() && BLANKS.indexOf(template.charAt(position)) >= 0) {
            keep();
        }
        int begin = position;
        String end = word();
        String written = template.substring(begin, position);
        if (!written.isEmpty()) {
            HereDocument document = new HereDocument(end, !written.equals(end), isIndented);
            announced.add(document);
            // If the end marker was in quotes, they are removed. Then the shell replaces variables in the
            // here-document; all other special characters in it are escaped.
            script.append(document.isLiteral() && document.hasPlainEnd() ? end : written);
        }
    }

    /** Reads a word, and returns it without its quotes. */
    private String word() {
        StringBuilder word = new StringBuilder();
        char quote = NOTHING;
        for (; position < template.length(); position++) {
            char c = template.charAt(position);
            if (quote != NOTHING) {
                if (c == quote) {
                    quote = NOTHING;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '\\' && position + 1 < template.length()) {
                word.append(template.charAt(++position));
            } else if (ENDS_OF_WORDS.indexOf(c) >= 0) {
                break;
            } else {
                word.append(c);
            }
        }
        return word.toString();
    }

    /** Handles the here-documents that the line before has announced. */
    private void hereDocuments() {
        for (HereDocument document : announced) {
            int end = position;
            while (end < template.length() && !document.endsAt(line(end))) {
                end += line(end).length();
            }
            String text = template.substring(position, end);
            script.append(document.isLiteral() ? literal(text, document) : expanded(text));
            position = end;
            keep(line(end).length());
        }
        endsInHereDocument = !announced.isEmpty() && position == template.length();
        announced.clear();
    }

    /** The line with its line break, if it has one. */
    private String line(int from) {
        int end = template.indexOf('\n', from);
        return template.substring(from, end < 0 ? template.length() : end + 1);
    }

    private String expanded(String text) {
        TemplateParser inner = new TemplateParser(text, names, used, numbers);
        inner.open.addLast(HERE_DOCUMENT);
        inner.parse();
        return inner.script();
    }

    /** Escapes with backslashes what was plain text because of the quotes. */
    private String literal(String text, HereDocument document) {
        TemplateParser inner = new TemplateParser(text, names, used, numbers);
        inner.open.addLast(HERE_DOCUMENT);
        while (inner.position < text.length()) {
            Placeholder placeholder = inner.placeholderHere();
            if (placeholder != null && !document.hasPlainEnd()) {
                throw new IllegalArgumentException("the here-document '" + document.end()
                        + "' contains an input, so its end marker must consist of letters");
            } else if (placeholder != null) {
                inner.put(placeholder);
            } else {
                inner.script.append("\\$`".indexOf(text.charAt(inner.position)) < 0 ? "" : "\\");
                inner.keep();
            }
        }
        return document.hasPlainEnd() ? inner.script() : text;
    }
}
