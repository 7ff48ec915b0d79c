package io.jenkins.plugins.concurrency.engine.fetch.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/** The characters allowed in URLs, and messages about invalid URLs. */
final class UrlText {

    private static final Pattern ESCAPED_DOT = Pattern.compile("%2[eE]");
    private static final String HEX = "0123456789ABCDEF";

    private UrlText() {}

    /**
     * Reads a URL. Its path and query may have characters that need encoding.
     *
     * @throws IllegalArgumentException if it is no URL even after encoding
     */
    static URI toUri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return encodedToUri(text);
        }
    }

    /** Whether the text starts with a scheme and a colon. */
    static boolean hasScheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i > 0;
            }
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.')) {
                return false;
            }
        }
        return false;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    /** The text with the characters beyond ASCII percent-encoded as UTF-8. */
    static String ascii(String text) {
        return isAscii(text) ? text : encoded(text, "");
    }

    /** Resolves the {@code .} and {@code ..} segments of an absolute path, which may have a query. */
    static String withoutDots(String pathAndQuery) {
        if (!pathAndQuery.contains("/.") && !pathAndQuery.contains("/%2")) {
            return pathAndQuery;
        }
        int question = pathAndQuery.indexOf('?');
        String path = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String plain = ESCAPED_DOT.matcher(segments[i]).replaceAll("."); // servers treat both in the same way
            boolean dots = plain.equals(".") || plain.equals("..");
            if (plain.equals("..")) {
                kept.pollLast();
            }
            if (!dots) {
                kept.addLast(segments[i]);
            } else if (i == segments.length - 1) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept) + (question < 0 ? "" : pathAndQuery.substring(question));
    }

    private static URI encodedToUri(String text) {
        int authority = text.indexOf("://");
        int path = authority < 0 ? -1 : text.indexOf('/', authority + 3);
        int query = authority < 0 ? -1 : text.indexOf('?', authority + 3);
        int start = path < 0 || query >= 0 && query < path ? query : path;
        if (start < 0) {
            throw invalid(text, "is not a URL");
        }
        try {
            return new URI(text.substring(0, start) + encoded(text.substring(start), " \"<>\\^`{|}[]"));
        } catch (URISyntaxException e) {
            throw invalid(text, "is not a URL: " + MessageText.line(e.getReason()));
        }
    }

    private static String encoded(String text, String unsafe) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            boolean safe = codePoint == '%' ? isEscape(text, i) : codePoint < 128 && unsafe.indexOf(codePoint) < 0;
            if (safe) {
                encoded.append((char) codePoint);
                continue;
            }
            for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
                encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean isEscape(CharSequence text, int percent) {
        return percent + 2 < text.length()
                && Character.digit(text.charAt(percent + 1), 16) >= 0
                && Character.digit(text.charAt(percent + 2), 16) >= 0;
    }

    /** The error for a text that is no URL. The message is one line and has no password in it. */
    static IllegalArgumentException invalid(String text, String why) {
        return new IllegalArgumentException("'" + MessageText.line(withoutUser(text)) + "' " + why);
    }

    /** Removes what is before an {@code @}. It may be a password, wherever it is in a text that is no URL. */
    private static String withoutUser(String text) {
        int at = text.lastIndexOf('@');
        int authority = text.indexOf("//");
        return at < 0 ? text : text.substring(0, authority < 0 || authority > at ? 0 : authority + 2) + text.substring(at + 1);
    }
}
