package io.jenkins.plugins.concurrency.engine.fetch.file;

import io.jenkins.plugins.concurrency.engine.fetch.http.MessageText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What happens to a file that exists already. */
public enum OnExisting {
    /** A new body replaces it. */
    OVERWRITE,
    /** The file is kept and nothing is fetched, unless a checksum is given that the file does not have. */
    SKIP,
    /** The server is asked whether the file has changed since the same request fetched it. */
    REVALIDATE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name in arguments. */
    public String text() {
        return text;
    }

    /**
     * The choice with this {@link #text()}.
     *
     * @throws IllegalArgumentException if there is none; the message is one line
     */
    public static OnExisting of(String text) {
        List<String> allowed = Arrays.stream(values()).map(OnExisting::text).toList();
        if (!allowed.contains(text)) {
            throw new IllegalArgumentException(
                    "onExisting '" + MessageText.line(text) + "' is none of " + String.join(", ", allowed));
        }
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
