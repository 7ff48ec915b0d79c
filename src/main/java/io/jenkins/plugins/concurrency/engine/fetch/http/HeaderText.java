package io.jenkins.plugins.concurrency.engine.fetch.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Values of response headers as text. HttpCore gives a character for each byte. Bytes beyond ASCII have no meaning in
 * HTTP (RFC 9110, 5.5), and all clients read them as UTF-8.
 */
public final class HeaderText {

    private HeaderText() {}

    /** The text to show to users: UTF-8, or Latin-1 if it is not UTF-8. */
    static String decoded(String value) {
        String text = utf8(value);
        return text == null ? value : text;
    }

    /**
     * The text for {@link FetchUrl}: UTF-8. If it is not UTF-8, the bytes beyond ASCII are percent-encoded as they are.
     */
    public static String reference(String value) {
        String text = utf8(value);
        if (text != null) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(value.length() + 16);
        value.chars().forEach(c -> encoded.append(c < 128 ? Character.toString(c) : String.format("%%%02X", c)));
        return encoded.toString();
    }

    @CheckForNull
    private static String utf8(String value) {
        if (UrlText.isAscii(value)) {
            return value;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
