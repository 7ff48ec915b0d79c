package io.jenkins.plugins.concurrency.engine.mask;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Copies any number of bytes and hides the secrets of a mask. All other bytes stay the same, even if they are not
 * UTF-8. Lines may have any length. Immutable.
 */
public final class MaskedCopy {

    private static final int BLOCK = 256 * 1024;

    /** Searches texts with a character for each byte. */
    private final Pattern pattern;

    /** The length of the longest form, in bytes. */
    private final int longest;

    private MaskedCopy(List<String> forms) {
        this.pattern = Pattern.compile(forms.stream().map(Pattern::quote).collect(Collectors.joining("|")));
        this.longest = forms.stream().mapToInt(String::length).max().orElseThrow();
    }

    /** Copies until the end of the stream. Closes no stream. */
    public static void copy(InputStream in, OutputStream out, SecretMask mask) throws IOException {
        List<String> forms = mask.forms().stream().map(MaskedCopy::bytes).toList();
        if (forms.isEmpty()) {
            in.transferTo(out);
        } else {
            new MaskedCopy(forms).copy(in, out);
        }
    }

    private static String bytes(String form) {
        return new String(form.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void copy(InputStream in, OutputStream out) throws IOException {
        String rest = "";
        for (byte[] block; (block = in.readNBytes(BLOCK)).length > 0; ) {
            String text = rest + new String(block, StandardCharsets.ISO_8859_1);
            // A secret that begins after this position may end in the next block.
            int settled = Math.max(0, text.length() - longest + 1);
            rest = text.substring(write(text, settled, out));
        }
        write(rest, rest.length(), out);
    }

    /** Writes the text up to a position and the secret there. Returns where the rest begins. */
    private int write(String text, int end, OutputStream out) throws IOException {
        StringBuilder masked = new StringBuilder();
        int begin = 0;
        Matcher secret = pattern.matcher(text);
        while (begin < end && secret.find(begin) && secret.start() < end) {
            masked.append(text, begin, secret.start()).append(SecretMask.MASK);
            begin = secret.end();
        }
        if (begin < end) {
            masked.append(text, begin, end);
            begin = end;
        }
        out.write(masked.toString().getBytes(StandardCharsets.ISO_8859_1));
        return begin;
    }
}
