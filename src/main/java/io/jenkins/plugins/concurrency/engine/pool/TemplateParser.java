package io.jenkins.plugins.concurrency.engine.pool;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces the placeholders of a template by expansions of shell variables. Parses as much of the shell's language as
 * needed to know the context of each: quotes, substitutions, arithmetic, subscripts, tests, here-documents. Used once.
 */
final class TemplateParser extends ScriptCursor {

    /** An expansion until a subscript or an offset may follow. In zsh, a subscript needs no braces. */
    private static final Pattern EXPANSION = Pattern.compile("\\$(?:\\{(?:\\([^)]*\\)|[!#=~^])*(?:[\\w.]+|[@*?$!#-])"
            + "|\\w+(?=\\[[^\\s\"'`\\[\\]]*\\])|(?=\\[))");

    private static final Pattern BEFORE_ASSIGNED_SUBSCRIPT = Pattern.compile("(?<![^\\s;&|()<>`\\]])[\\w.]*(?=\\[)");

    private static final Pattern TEST_BEGIN = Pattern.compile("(?<![^\\s;&|()<>`])\\[\\[(?=\\s)");

    /** Operators that evaluate the words beside them, and what ends a comparison. */
    private static final Pattern TEST_OPERATOR = Pattern.compile(
            "(?<=\\s)-(?:eq|ne|lt|le|gt|ge|v|R)(?=\\s)|&&|\\|\\||(?<=[\\s)])\\]\\](?![^\\s;&|()<>`])");

    private final Set<String> names;
    private final Map<Placeholder, String> used;
    private final Set<Placeholder> numbers;

    /** The placeholders of the comparison in {@code [[ ]]}, and whether it is one of numbers. */
    private final Set<Placeholder> compared = new HashSet<>();

    private boolean comparesNumbers;

    private final List<HereDocument> announced = new ArrayList<>();
    private boolean endsInHereDocument;

    /** @param names the names of the inputs' parts; empty if they have no parts */
    TemplateParser(String template, Set<String> names) {
        this(template, names, new LinkedHashMap<>(), new HashSet<>());
    }

    private TemplateParser(
            String template, Set<String> names, Map<Placeholder, String> used, Set<Placeholder> numbers) {
        super(template);
        this.names = names;
        this.used = used;
        this.numbers = numbers;
    }

    /** The placeholders of the template, each with its shell variable. */
    Map<Placeholder, String> used() {
        return used;
    }

    /** The placeholders that a shell evaluates, as in arithmetic and subscripts. Only numbers are allowed there. */
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
        char around = innermostBeyondQuotes();
        if (EVALUATED.indexOf(around) >= 0) {
            numbers.add(placeholder);
        } else if (around == TEST) {
            compared.add(placeholder);
        }
        script.append(expansion(placeholder));
        position += placeholder.text().length();
    }

    private String expansion(Placeholder placeholder) {
        String bare = "${" + used.get(placeholder) + "}";
        return switch (innermost()) {
            case '"', ARITHMETIC, SUBSCRIPT, OFFSET, HERE_DOCUMENT -> bare;
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
        } else if (c == '$') {
            expansionBegins();
        } else if (c == '`') {
            toggle(c);
            keep();
        } else if (around == ARITHMETIC) { // quotes mean nothing there
            nest(c, around);
            keep();
        } else if (EVALUATED.indexOf(around) >= 0) {
            if (c == '"' || c == '\'') {
                open.addLast(c);
            } else {
                nest(c, around);
            }
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
        } else if (isArithmetic()) {
            parenthesis();
        } else if (matcher(TEST_BEGIN).lookingAt() && template.indexOf("]]", position) > 0) {
            open.addLast(TEST);
            keep(2);
        } else if (innermost() == TEST && matcher(TEST_OPERATOR).lookingAt()) {
            testOperator(c);
        } else if (!assignedSubscriptBegins()) {
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

    /** Begins arithmetic or a substitution. */
    private void parenthesis() {
        boolean arithmetic = isArithmetic();
        if (arithmetic) {
            keep();
            open.addLast(ARITHMETIC);
        }
        keep();
        open.addLast(arithmetic ? ARITHMETIC : SUBSTITUTION);
    }

    /** Copies a dollar sign, and the beginning of an expansion that the shell evaluates a part of. */
    private void expansionBegins() {
        Matcher expansion = matcher(EXPANSION);
        if (!expansion.lookingAt()) {
            keep();
            return;
        }
        int subscriptEnd = closing(expansion.end());
        int colon = subscriptEnd < 0 ? expansion.end() : subscriptEnd + 1;
        boolean inBraces = template.startsWith("{", position + 1);
        boolean hasOffset = inBraces && template.startsWith(":", colon)
                && colon + 1 < template.length() && "-=?+".indexOf(template.charAt(colon + 1)) < 0;
        keep(expansion.end() - position);
        if (hasOffset || inBraces && innermost() == OFFSET) {
            open.addLast(OFFSET);
        }
        if (!hasOffset && subscriptEnd >= 0) {
            open.addLast(SUBSCRIPT);
            keep();
        }
    }

    /** Begins the subscript of {@code a[1]=x}. An argument of this form may be an assignment too. */
    private boolean assignedSubscriptBegins() {
        Matcher name = matcher(BEFORE_ASSIGNED_SUBSCRIPT);
        int end = name.lookingAt() ? closing(name.end()) : -1;
        if (end < 0 || !template.startsWith("=", end + 1) && !template.startsWith("+=", end + 1)) {
            return false;
        }
        keep(name.end() + 1 - position);
        open.addLast(ASSIGNED_SUBSCRIPT);
        return true;
    }

    private void testOperator(char c) {
        if (c == '-') {
            comparesNumbers = true;
            keep();
            return;
        }
        if (comparesNumbers) {
            numbers.addAll(compared);
        }
        if (Collections.frequency(open, TEST) == 1) {
            compared.clear();
            comparesNumbers = false;
        }
        if (c == ']') {
            open.removeLast();
        }
        keep(2);
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
