package io.jenkins.plugins.concurrency.engine.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A position in a shell's script, the contexts around it, and the copy of what is before it. */
abstract class ScriptCursor {

    static final String BLANKS = " \t";
    private static final String ENDS_OF_WORDS = " \t\n;&|()<>";

    // The kinds of context.
    static final char NOTHING = ' ';
    static final char SUBSTITUTION = '(';
    static final char ARITHMETIC = '+';
    static final char SUBSCRIPT = ']'; // of an expansion, and Bash's $[ ]
    static final char ASSIGNED_SUBSCRIPT = '=';
    static final char OFFSET = '}';
    static final char TEST = '?'; // [[ ]]
    static final char HERE_DOCUMENT = '<';

    static final String EVALUATED = "" + ARITHMETIC + SUBSCRIPT + ASSIGNED_SUBSCRIPT + OFFSET;

    final String template;
    final StringBuilder script = new StringBuilder();
    int position;

    /**
     * The contexts around the current position, innermost last. For quotes and backquotes it is the character itself.
     */
    final Deque<Character> open = new ArrayDeque<>();

    ScriptCursor(String template) {
        this.template = template;
    }

    /** The script. Each placeholder has become a shell variable. */
    String script() {
        return script.toString();
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

    /** The innermost context; {@link #NOTHING} if there is none. */
    char innermost() {
        return open.isEmpty() ? NOTHING : open.peekLast();
    }

    char innermostBeyondQuotes() {
        for (Iterator<Character> outwards = open.descendingIterator(); outwards.hasNext(); ) {
            char around = outwards.next();
            if (around != '"' && around != '\'') {
                return around;
            }
        }
        return NOTHING;
    }

    void toggle(char quote) {
        if (innermost() == quote) {
            open.removeLast();
        } else {
            open.addLast(quote);
        }
    }

    void nest(char c, char kind) {
        String pair = kind == OFFSET ? "{}" : kind == SUBSCRIPT || kind == ASSIGNED_SUBSCRIPT ? "[]" : "()";
        if (c == pair.charAt(0)) {
            open.addLast(kind);
        } else if (c == pair.charAt(1)) {
            open.removeLast();
        }
    }

    /** The pattern at the current position. It may look at the text before. */
    Matcher matcher(Pattern pattern) {
        return pattern.matcher(template).region(position, template.length()).useTransparentBounds(true);
    }

    /** Where the parenthesis or bracket at {@code from} is closed; -1 if there is none, or it is never closed. */
    int closing(int from) {
        char opening = from < template.length() ? template.charAt(from) : NOTHING;
        int depth = 0;
        for (int i = from; i < template.length() && (opening == '(' || opening == '['); i++) {
            char c = template.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == opening) {
                depth++;
            } else if (c == (opening == '(' ? ')' : ']') && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Whether two parentheses close the two that are here. Otherwise the inner ones are a subshell. */
    boolean isArithmetic() {
        int inner = template.startsWith("((", position) ? closing(position + 1) : -1;
        return inner >= 0 && template.startsWith(")", inner + 1);
    }

    boolean isAtWordStart() {
        return position == 0 || ENDS_OF_WORDS.indexOf(template.charAt(position - 1)) >= 0;
    }

    void keepComment() {
        while (position < template.length() && template.charAt(position) != '\n') {
            keep();
        }
    }

    void keep() {
        keep(1);
    }

    void keep(int length) {
        script.append(template, position, position + length);
        position += length;
    }

    /** Reads a word, and returns it without its quotes. */
    String word() {
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

    /** The line with its line break, if it has one. */
    String line(int from) {
        int end = template.indexOf('\n', from);
        return template.substring(from, end < 0 ? template.length() : end + 1);
    }
}
