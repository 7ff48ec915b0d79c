package io.jenkins.plugins.concurrency.embedded.steps;

import hudson.AbortException;
import hudson.Util;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How text stands in a file: a charset, UTF-8 unless told otherwise, or {@code Base64} for bytes of any kind. */
interface TextEncoding {

    String decode(byte[] bytes);

    byte[] encode(String text);

    static TextEncoding named(String name) throws AbortException {
        String given = Util.fixEmptyAndTrim(name);
        if ("Base64".equals(given)) {
            return new BytesAsBase64();
        }
        try {
            return new InCharset(given == null ? StandardCharsets.UTF_8 : Charset.forName(given));
        } catch (IllegalArgumentException e) {
            throw new AbortException("No such encoding: " + given);
        }
    }

    /** Text in a charset. */
    record InCharset(Charset charset) implements TextEncoding {
        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, charset);
        }

        @Override
        public byte[] encode(String text) {
            return text.getBytes(charset);
        }
    }

    /** Bytes, which the script sees in Base64. */
    record BytesAsBase64() implements TextEncoding {
        @Override
        public String decode(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        @Override
        public byte[] encode(String text) {
            return Base64.getDecoder().decode(text);
        }
    }
}
