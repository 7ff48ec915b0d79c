package io.jenkins.plugins.concurrency.engine.mask;

import io.jenkins.plugins.concurrency.engine.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The forms in which a secret appears in outputs: as it is, line by line, quoted for a shell, encoded. */
final class SecretForms {

    /** Shorter texts are found everywhere: to replace them would protect nothing and make every output unreadable. */
    static final int MIN_LENGTH = 3;

    private static final Pattern PERCENT = Pattern.compile("%[0-9A-F]{2}");
    private static final Pattern SHELL_SPECIAL = Pattern.compile("[^A-Za-z0-9_@%+=:,./-]");

    private SecretForms() {}

    static Set<String> of(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        addAll(secret, forms);
        // Outputs are masked line by line, and the key of a file is rarely printed as a whole.
        secret.lines().map(String::strip).forEach(line -> addAll(line, forms));
        forms.removeIf(form -> form.length() < MIN_LENGTH);
        return forms;
    }

    private static void addAll(String secret, Set<String> forms) {
        if (secret.length() < MIN_LENGTH) {
            return;
        }
        forms.add(secret);
        addShellForms(secret, forms);
        addJsonForm(secret, forms);
        addUrlForms(secret, forms);
        addBase64Forms(secret.getBytes(StandardCharsets.UTF_8), forms);
    }

    private static void addShellForms(String secret, Set<String> forms) {
        forms.add(secret.replace("'", "'\\''"));
        forms.add(secret.replaceAll("('+)", "'\"$1\"'")); // as dash traces it
        forms.add(secret.replaceAll("([\"\\\\$`])", "\\\\$1"));
        forms.add(SHELL_SPECIAL.matcher(secret).replaceAll("\\\\$0"));
    }

    private static void addJsonForm(String secret, Set<String> forms) {
        String json = Json.write(secret);
        String escaped = json.substring(1, json.length() - 1);
        forms.add(escaped);
        forms.add(escaped.replace("/", "\\/"));
    }

    private static void addUrlForms(String secret, Set<String> forms) {
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String path = form.replace("+", "%20");
        for (String encoded : List.of(form, path, path.replace("%7E", "~"), path.replace("*", "%2A"))) {
            forms.add(encoded);
            forms.add(PERCENT.matcher(encoded).replaceAll(SecretForms::lowerCase));
        }
    }

    private static String lowerCase(MatchResult match) {
        return match.group().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Base64 encodes groups of three bytes. Within an encoded text, a secret can begin at each of the three positions
     * of a group.
     */
    private static void addBase64Forms(byte[] secret, Set<String> forms) {
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + secret.length];
            System.arraycopy(secret, 0, shifted, before, secret.length);
            // Characters that also depend on other bytes are left out, because they differ from text to text.
            int begin = (before * 8 + 5) / 6;
            int end = shifted.length * 8 / 6;
            for (Base64.Encoder encoder : new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
                String encoded = encoder.encodeToString(shifted);
                forms.add(encoded.substring(begin));
                forms.add(encoded.substring(begin, Math.max(begin, end)));
            }
        }
    }
}
