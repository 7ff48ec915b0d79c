package io.jenkins.plugins.concurrency.engine.fetch.file;

import io.jenkins.plugins.concurrency.engine.fetch.http.FetchUrl;
import io.jenkins.plugins.concurrency.engine.names.LocalPath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * A file name made from a URL. Every usual file system accepts it, and it is harmless in a shell. It consists of the
 * decoded last segment of the path and, before the extension, the query. {@code /a/list.html?page=2} becomes
 * {@code list_page=2.html}, {@code https://example.org/} becomes {@code index.html}. It has only characters that this
 * process can write in its locale.
 *
 * @param stem what comes before the extension, never empty
 * @param extension with its dot; may be empty
 */
public record FileName(String stem, String extension) {

    /** The longest name, in bytes of UTF-8. It leaves room for a suffix, also for that of a temporary file. */
    public static final int MAX_BYTES = 150;

    private static final int MAX_EXTENSION = 16;
    private static final String DEFAULT_NAME = "index.html";
    private static final String HARMLESS = "._-+=,@";

    public static FileName of(FetchUrl url) {
        String segment = harmless(decoded(url.lastSegment()));
        FileName name = split(segment.isEmpty() ? DEFAULT_NAME : segment);
        String query = harmless(decoded(url.query()));
        FileName whole = query.isEmpty() ? name : new FileName(name.stem + "_" + query, name.extension);
        return whole.withSuffix("");
    }

    /** The name with a suffix before its extension. It is shortened if it would be too long. */
    public FileName withSuffix(String suffix) {
        int room = MAX_BYTES - bytes(suffix) - bytes(extension);
        return new FileName(shortened(stem, room) + suffix, extension);
    }

    @Override
    public String toString() {
        return stem + extension;
    }

    private static FileName split(String name) {
        int dot = name.lastIndexOf('.');
        if (dot > 0 && name.startsWith(".tar", dot - 4)) {
            dot -= 4;
        }
        if (dot <= 0 || bytes(name.substring(dot)) > MAX_EXTENSION) {
            return new FileName(name, "");
        }
        return new FileName(name.substring(0, dot), name.substring(dot));
    }

    private static String decoded(String text) {
        try {
            return Normalizer.normalize(
                    URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8), Normalizer.Form.NFC);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String harmless(String text) {
        StringBuilder name = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isLetterOrDigit(c) && LocalPath.canHave(c) || HARMLESS.indexOf(c) >= 0 ? c : '_')
                .forEach(name::appendCodePoint);
        // Windows drops a dot at the end; a dot at the start hides a file; a dash at the start makes it an option
        while (name.length() > 0 && name.charAt(name.length() - 1) == '.') {
            name.setLength(name.length() - 1);
        }
        boolean dangerousStart = name.length() > 0 && (name.charAt(0) == '.' || name.charAt(0) == '-');
        if (dangerousStart || RelativePath.isDevice(name.toString())) {
            name.insert(0, '_');
        }
        return name.toString();
    }

    private static String shortened(String text, int maxBytes) {
        String shorter = text.substring(0, Math.min(text.length(), maxBytes));
        while (bytes(shorter) > maxBytes) {
            shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
        }
        return shorter;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
