package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicHeaderValueParser;
import org.apache.hc.core5.http.message.ParserCursor;

/** Decodes bodies as text. */
public final class BodyCharset {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Charsets that many servers name for text in a larger charset. Browsers read it in the larger one too. */
    private static final Map<String, String> SUPERSETS =
            Map.of("GB2312", "GB18030", "Shift_JIS", "windows-31j", "EUC-KR", "x-windows-949");

    private BodyCharset() {}

    /**
     * The charset that a {@code Content-Type} names.
     *
     * @param type the value of the header; {@code null} for none
     * @return UTF-8 if it names no charset that the JVM knows
     */
    public static Charset of(@CheckForNull String type) {
        int parameters = type == null ? -1 : type.indexOf(';');
        if (parameters < 0) {
            return StandardCharsets.UTF_8;
        }
        ParserCursor rest = new ParserCursor(parameters + 1, type.length());
        for (NameValuePair parameter : BasicHeaderValueParser.INSTANCE.parseParameters(type, rest)) {
            if (parameter.getName().equalsIgnoreCase("charset") && parameter.getValue() != null) {
                return named(parameter.getValue().replace('\'', ' ').strip());
            }
        }
        return StandardCharsets.UTF_8;
    }

    /** The text without a byte order mark, which is not part of it. What the charset can't decode becomes U+FFFD. */
    public static String decode(byte[] bytes, int length, Charset charset) {
        String text = new String(bytes, 0, length, charset);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static Charset named(String label) {
        Charset charset = exactly(label);
        if (charset == null) {
            charset = Labels.CHARSETS.getOrDefault(loosely(label), StandardCharsets.UTF_8);
        }
        Charset superset = exactly(SUPERSETS.getOrDefault(charset.name(), charset.name()));
        return superset == null ? charset : superset;
    }

    @CheckForNull
    private static Charset exactly(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return null; // a JVM need not have all charsets
        }
    }

    /**
     * Charsets are compared by letters and digits only (UTS #22, 1.4): {@code latin-1}, {@code 8859-1}, {@code
     * x-cp1252}.
     */
    private static String loosely(String label) {
        String lower = label.toLowerCase(Locale.ROOT);
        String letters = (lower.startsWith("x-") ? lower.substring(2) : lower).replaceAll("[^a-z0-9]", "");
        return letters.replaceFirst("^win(?=[0-9])", "windows");
    }

    /** Loaded when a server names a charset in its own way. */
    private static final class Labels {

        static final Map<String, Charset> CHARSETS = new HashMap<>();

        static {
            for (Charset charset : Charset.availableCharsets().values()) {
                CHARSETS.putIfAbsent(loosely(charset.name()), charset);
                charset.aliases().forEach(alias -> CHARSETS.putIfAbsent(loosely(alias), charset));
            }
        }
    }
}
