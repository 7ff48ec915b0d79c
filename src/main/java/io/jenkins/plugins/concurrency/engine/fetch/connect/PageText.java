package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.regex.Pattern;

/** What the error page of a proxy says to people, short enough for a message. */
public final class PageText {

    private static final int SHOWN = 200;

    private static final Pattern UNSEEN = Pattern.compile(
            "<!--.*?-->|<(style|script|title)\\b.*?</\\1\\s*>|<[^>]*>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Control and format characters, line breaks and spaces. */
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{C}\\p{Z}]+");

    private PageText() {}

    /** The page's text in one line behind a colon; empty if there is none. */
    @NonNull
    public static String afterColon(@NonNull String page) {
        String text = SPACES.matcher(UNSEEN.matcher(page).replaceAll(" ")).replaceAll(" ").strip();
        String readable = text.replace("&quot;", "\"").replace("&#39;", "'").replace("&nbsp;", " ").replace("&lt;", "<")
                .replace("&gt;", ">").replace("&amp;", "&");
        String shown = readable.length() <= SHOWN ? readable : readable.substring(0, SHOWN).strip() + "…";
        return shown.isEmpty() ? "" : ": " + shown;
    }
}
