package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.process.Shell;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a real shell makes of expanded templates, byte for byte. */
public class CommandTemplateTest {

    private static final List<String> HOSTILE = List.of(
            "plain",
            "",
            " ",
            "two words",
            "a'b",
            "a\"b",
            "''",
            "'\"'\"'",
            "$(touch pwned)",
            "`touch pwned`",
            "${HOME}",
            "$HOME",
            "a;touch pwned",
            "a&touch pwned",
            "a|b>c<d",
            "-rf",
            "--",
            "*",
            "~",
            "!!",
            "#x",
            "\\",
            "\\\\'",
            "a\\",
            "line\nbreak",
            "\ttab",
            "\r",
            "trailing\n",
            "\u0001\u007f",
            "üñí 😀",
            "{}",
            "{/}",
            "%s%n",
            "x".repeat(200_000));

    /** Each has to hand the input to {@code out} as one word. */
    private static final List<String> TEMPLATES = List.of(
            "out {}",
            "out \"{}\"",
            "out '{}'",
            "out '{}' # it's \"only\" a comment with {}",
            "# isn't it?\nout {}",
            "x=\"$(echo \"q\")\"; out \"{}\"",
            "out \"$(printf '%s.' \"{}\")\" end",
            "if true; then out {}; fi",
            "out \\\"{}",
            "out");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void needsAPosixShell() {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
    }

    /** Runs an expanded template in which {@code out} writes its first argument to standard output. */
    private byte[] run(String template, String input) throws Exception {
        String script = "out() { printf '%s' \"$1\"; }\n"
                + CommandTemplate.parse(template).expand(input, 1);
        Path scratch = folder.getRoot().toPath().resolve("script.cmd");
        Process process = new ProcessBuilder(Shell.POSIX.commandLine(script, scratch))
                .directory(folder.getRoot())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        byte[] out = process.getInputStream().readAllBytes();
        assertEquals(template, 0, process.waitFor());
        return out;
    }

    @Test
    public void everyInputArrivesByteForByteWhereverItStands() throws Exception {
        for (String template : TEMPLATES) {
            for (String input : HOSTILE) {
                String expected = template.contains("printf '%s.'") ? input + "." : input;
                expected = template.contains("\\\"{}") ? "\"" + expected : expected;
                assertArrayEquals(
                        template + " with " + input.substring(0, Math.min(40, input.length())),
                        expected.getBytes(StandardCharsets.UTF_8),
                        run(template, input));
            }
        }
        assertEquals("no input was executed", false, new File(folder.getRoot(), "pwned").exists());
    }

    @Test
    public void evenAHereDocumentExecutesNothing() throws Exception {
        String script = "out \"$(cat <<EOF\n{}\nEOF\n)\"";
        run(script, "$(touch pwned) `touch pwned`");
        assertEquals(false, new File(folder.getRoot(), "pwned").exists());
    }

    @Test
    public void replacementStringsAreThoseOfGnuParallel() throws Exception {
        String all = "out \"{}|{.}|{/}|{//}|{/.}|{#}\"";
        assertEquals("dir/sub/a.tar.gz|dir/sub/a.tar|a.tar.gz|dir/sub|a.tar|1", text(all, "dir/sub/a.tar.gz"));
        assertEquals("a|a|a|.|a|1", text(all, "a"));
        assertEquals("/a|/a|a|/|a|1", text(all, "/a"));
        assertEquals("d.d/.bashrc|d.d/.bashrc|.bashrc|d.d|.bashrc|1", text(all, "d.d/.bashrc"));
    }

    @Test
    public void shellSyntaxWithBracesIsLeftAlone() throws Exception {
        assertEquals("v x", text("v=v; out \"${v} {}\"", "x"));
        assertEquals("{a} x", text("out \"{a} {}\"", "x"));
    }

    @Test
    public void aCommandThatEndsInACommentHasNoPlaceForItsInput() {
        assertThrows(IllegalArgumentException.class, () -> CommandTemplate.parse("make # everything"));
    }

    @Test
    public void aQuoteWithoutAnEndIsRefusedInOneLine() {
        for (String template : List.of("echo 'it {}", "echo \"{}", "echo `{}", "x=\"$(echo 'a)\"\nout {}")) {
            String message = assertThrows(IllegalArgumentException.class, () -> CommandTemplate.parse(template))
                    .getMessage();
            assertEquals(message, 1, message.lines().count());
            assertEquals(message, true, message.contains("has no end"));
        }
    }

    @Test
    public void quotesThatArePlainTextMayStandAlone() throws Exception {
        assertEquals("it's x", text("# isn't\nout \"it's {}\"", "x"));
        CommandTemplate.parse("cat <<EOF\nit's {}\nEOF");
    }

    @Test
    public void nulIsRefused() {
        CommandTemplate template = CommandTemplate.parse("echo");
        assertThrows(IllegalArgumentException.class, () -> template.expand("a\0b", 1));
    }

    private String text(String template, String input) throws Exception {
        return new String(run(template, input), StandardCharsets.UTF_8);
    }
}
