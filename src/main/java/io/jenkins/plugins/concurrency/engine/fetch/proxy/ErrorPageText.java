package io.jenkins.plugins.concurrency.engine.fetch.proxy;

import java.util.regex.Pattern;

/** The text of an error page, short enough for a message or a result. */
public final class ErrorPageText {

    private static final int SHOWN = 200;

    private static final Pattern UNSEEN = Pattern.compile(
            "<!--.*?-->|<(style|script|title)\\b.*?</\\1\\s*>|<[^>]*>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Control and format characters, line breaks and spaces. */
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{C}\\p{Z}]+");

    private static final Pattern HALF_CHARACTER = Pattern.compile("[\\uFFFD\\p{Cs}]+\\z");

    private ErrorPageText() {}

    /**
     * The beginning of a text that is cut, or was cut at its end. It has no half character, and ends with an ellipsis:
     * half a secret before one is hidden later.
     */
    public static String cut(String text, int most) {
        return HALF_CHARACTER.matcher(text.substring(0, Math.min(text.length(), most)).stripTrailing()).replaceFirst("") + "…";
    }

    /** Text from outside in one short line, without characters that change how it is shown. */
    static String line(String text) {
        String line = SPACES.matcher(text).replaceAll(" ").strip();
        return line.length() <= SHOWN ? line : cut(line, SHOWN);
    }

    /** The page's text in one line, after a colon; empty if the page has no text. */
    public static String afterColon(String page) {
        String readable = UNSEEN.matcher(page).replaceAll(" ").replace("&quot;", "\"").replace("&#39;", "'").replace("&nbsp;", " ").replace("&lt;", "<")
                .replace("&gt;", ">").replace("&amp;", "&");
        String shown = line(readable);
        return shown.isEmpty() ? "" : ": " + shown;
    }
}
