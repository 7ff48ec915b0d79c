package io.jenkins.plugins.concurrency.engine.mask;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class SecretMaskTest {

    private static final String SECRET = "p4$s w0rd/'\"<é>\\+=";

    private final SecretMask mask = SecretMask.of(List.of(SECRET));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    public void aSecretIsHiddenWhereverItStands() {
        assertEquals("****", mask.text(SECRET));
        assertEquals("a****b****\n****", mask.text("a" + SECRET + "b" + SECRET + "\n" + SECRET));
        assertEquals("nothing here", mask.text("nothing here"));
    }

    @Test
    public void withoutSecretsTheSameObjectComesBack() {
        String text = new String("abc…");
        Map<String, Object> value = Map.of("a", List.of("b"));
        assertSame(SecretMask.NONE, SecretMask.of(List.of()));
        assertSame(text, SecretMask.NONE.text(text));
        assertSame(value, SecretMask.NONE.value(value));
        assertSame(text, SecretMask.of(List.of("ab")).text(text));
    }

    @Test
    public void aLongerSecretGoesBeforeOneThatItContains() {
        assertEquals("<****>", SecretMask.of(List.of("tiger", "tiger-lily")).text("<tiger-lily>"));
        assertEquals("****-lil", SecretMask.of(List.of("tiger", "tiger-lily")).text("tiger-lil"));
    }

    @Test
    public void whatIsTooShortIsNotHidden() {
        SecretMask mask = SecretMask.of(List.of("", "ab", "abc"));
        assertEquals("ab **** ab", mask.text("ab abc ab"));
    }

    @Test
    public void eachLineOfASecretIsHiddenToo() {
        SecretMask mask = SecretMask.of(List.of("first line\n  second line\r\nx\n"));
        assertEquals("> ****", mask.text("> first line"));
        assertEquals("****;", mask.text("second line;"));
        assertEquals("x", mask.text("x"));
    }

    @Test
    public void base64IsFoundAtEveryAlignment() {
        for (String before : List.of("", "u", "us", "usr:", "user:")) {
            for (String after : List.of("", "x", "xy", "xyz")) {
                for (Base64.Encoder encoder : List.of(
                        Base64.getEncoder(), Base64.getUrlEncoder(), Base64.getEncoder().withoutPadding())) {
                    String encoded = encoder.encodeToString(utf8(before + SECRET + after));
                    String masked = mask.text("Basic " + encoded);
                    String left = masked.replace("Basic ", "").replace("****", "");
                    assertTrue(encoded + " became " + masked, masked.contains("****"));
                    // what other bytes have a share in may stay, as may those bytes themselves
                    int others = before.length() + after.length();
                    assertTrue(masked, left.length() <= (others * 8 + 5) / 6 + 4);
                }
            }
        }
    }

    @Test
    public void urlEncodingIsFound() {
        String form = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        assertEquals("q=****&", mask.text("q=" + form + "&"));
        assertEquals("/****/", mask.text("/" + form.replace("+", "%20") + "/"));
        assertEquals("****", mask.text(form.replace("%2F", "%2f").replace("%27", "%27").toLowerCase(java.util.Locale.ROOT)));
    }

    @Test
    public void shellQuotesAreFound() {
        SecretMask mask = SecretMask.of(List.of("it's a \"$x\""));
        assertEquals("+ echo '****'", mask.text("+ echo 'it'\\''s a \"$x\"'"));
        assertEquals("+ echo '****'", mask.text("+ echo 'it'\"'\"'s a \"$x\"'"));
        assertEquals("echo \"****\"", mask.text("echo \"it's a \\\"\\$x\\\"\""));
        assertEquals("echo ****", mask.text("echo it\\'s\\ a\\ \\\"\\$x\\\""));
    }

    @Test
    public void jsonEscapesAreFound() {
        assertEquals("{\"a\":\"****\"}", mask.text(Json.write(Map.of("a", SECRET))));
    }

    @Test
    public void valuesAreHiddenDeepInside() {
        SecretMask mask = SecretMask.of(List.of("hidden", "12345"));
        Object masked = mask.value(Map.of("hidden key", Arrays.asList("a hidden b", 12345, 1234567, true, null)));
        assertEquals(Map.of("**** key", Arrays.asList("a **** b", "****", 1234567, true, null)), masked);
    }

    @Test
    public void detailsKeepTheirNames() {
        SecretMask mask = SecretMask.of(List.of("hidden"));
        Map<String, Object> details = Map.of("hidden", List.of("a hidden b"), "bytes", 7L);
        assertEquals(Map.of("hidden", List.of("a **** b"), "bytes", 7L), mask.details(details));
        assertSame(details, SecretMask.NONE.details(details));
    }

    @Test
    public void whatIsLeftOfASecretAtACutIsHidden() {
        SecretMask mask = SecretMask.of(List.of("0123456789"));
        assertEquals("****; next", mask.tail("3456789; next"));
        assertEquals("89; too little to tell", mask.tail("89; too little to tell"));
        assertEquals("say: **** …", mask.text("say: 012345 …"));
        assertEquals("say: ****…****", mask.text("say: 012…56789"));
        assertEquals("a … b", mask.text("a … b"));
    }

    @Test
    public void namesAreLookedUp() {
        Map<String, String> environment = Map.of("TOKEN", "abcdef", "OTHER", "uvwxyz");
        SecretMask mask = SecretMask.of(List.of("TOKEN", "UNSET"), environment::get);
        assertEquals("**** uvwxyz", mask.text("abcdef uvwxyz"));
    }

    @Test
    public void anythingMayBeInASecret() {
        for (String odd : List.of("\\E[^&&]", "\\Qa", "^-^", "]]]", "***", "(?i)", "$1$2", "😀😀😀")) {
            assertEquals(odd, "x****y", SecretMask.of(List.of(odd)).text("x" + odd + "y"));
        }
    }

    @Test
    public void manyFormsCostLittle() {
        SecretMask mask = SecretMask.of(List.of("S3cr3t-One!", "another one", "third/secret", "x".repeat(2_000)));
        String text = "some ordinary line of output 123\n".repeat(30_000);
        long begin = System.nanoTime();
        assertEquals(text, mask.text(text));
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(text.length() + " characters took " + millis + " ms", millis < 5_000);
    }

    @Test
    public void aStreamIsMaskedLineByLine() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(new MaskedStream(out, mask), true, StandardCharsets.UTF_8)) {
            stream.print("<" + SECRET.substring(0, 5));
            stream.flush();
            assertFalse("half a secret is held back", out.toString(StandardCharsets.UTF_8).contains("p4"));
            stream.println(SECRET.substring(5) + ">");
            assertEquals("<****>" + System.lineSeparator(), out.toString(StandardCharsets.UTF_8));
            stream.print("end " + SECRET);
        }
        assertEquals("<****>" + System.lineSeparator() + "end ****", out.toString(StandardCharsets.UTF_8));
    }
}
