package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Makes text from outside (servers, users, the operating system) safe for a one-line message. */
public final class MessageText {

    private static final int MAX_LENGTH = 300;

    private MessageText() {}

    /** The text without control characters. A long text is shortened in the middle. */
    public static String line(@CheckForNull String text) {
        if (text == null) {
            return "";
        }
        String shown = text.length() <= MAX_LENGTH
                ? text
                : text.substring(0, MAX_LENGTH - 100) + "…" + text.substring(text.length() - 99);
        StringBuilder line = new StringBuilder(shown.length());
        shown.codePoints().map(MessageText::printable).forEach(line::appendCodePoint);
        return line.toString();
    }

    /** Replaces format characters as well: some of them change the order of the text around them. */
    private static int printable(int codePoint) {
        int type = Character.getType(codePoint);
        boolean unprintable = type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        return unprintable ? '?' : codePoint;
    }
}
