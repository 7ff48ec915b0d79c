package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.process.InterpretedScript;
import io.jenkins.plugins.concurrency.engine.process.MachineShell;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
            "out \"$(cat <<E; printf .\n{}\nE\n)\"",
            "out \"$(cat <<'E' | cat; printf .\n{}\nE\n)\"",
            "out \"$(cat <<-\\E\n{}\n\tE\nprintf .)\"",
            "out");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void needsAPosixShell() {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
    }

    /** Runs an expanded template in which {@code out} writes its first argument to standard output. */
    private byte[] run(String template, Object input) throws Exception {
        String script = "out() { printf '%s' \"$1\"; }\n" + new CommandTemplate(template).expand(input, 1);
        Path scratch = folder.getRoot().toPath().resolve("script.cmd");
        Process process = new ProcessBuilder(MachineShell.POSIX.commandLine(InterpretedScript.of(script, ""), scratch))
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
                expected = template.contains("<<") ? input + "\n." : expected;
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
    public void aHereDocumentIsTextWhateverItsQuotes() throws Exception {
        String script = "x=X\nfirst=$(cat <<E; cat <<'F'; echo '<<' $((1 << 2)) # <<G\n"
                + "it's \"{}\" '{/}' $x $(echo '{}') \\$x < $(( 2 + {#} ))\nE\n"
                + "it's \"{}\" '{/}' $x $(echo '{}') \\$x \\\n`\nF\n"
                + ")\nout \"$first|{}\"";
        assertEquals(
                "it's \"a/b\" 'b' X a/b $x < 3\nit's \"a/b\" 'b' $x $(echo 'a/b') \\$x \\\n`\n<< 4|a/b", text(script, "a/b"));
        String end = "out \"$(cat <<E\n{}\nE\n)\"";
        assertEquals("a line of its own ends nothing", "E\nx", text(end, "E\nx"));
    }

    @Test
    public void arithmeticTakesNumbersAndNothingElse() throws Exception {
        assertEquals("3", text("out $(( {} % 7 ))", "10"));
        assertEquals("-3 8", text("out \"$((-({}))) $(({}+5))\"", "3"));
    }

    @Test
    public void whatAShellWouldEvaluateIsRefused() {
        CommandTemplate template = CommandTemplate.parse("echo $(( \"{}\" % (7) )) {/}");
        assertEquals(true, template.expand(" -0x1F ", 1).contains("' -0x1F '"));
        for (String input : List.of("a[$(touch pwned)]", "x", "", "1.5", "1+1", "1 2", "$x")) {
            String message = assertThrows(IllegalArgumentException.class, () -> template.expand(input, 1))
                    .getMessage();
            assertEquals(message, true, message.contains("{} is not a whole number"));
        }
        CommandTemplate subshell = CommandTemplate.parse("echo $((echo {}; echo b) | sort)");
        assertEquals(true, subshell.expand("x", 1).contains("(echo \"${parallel_0}\""));
    }

    @Test
    public void whereverAShellEvaluatesAWordOnlyNumbersAreAllowed() {
        for (String evaluated : List.of(
                "[[ {} -eq 1 ]]", "[[ 1 -lt \"{}\" ]]", "[[ x{}'y z' -ge 1 && a == b ]]", "if [[ ( 1 -ne {} ) || -n x ]]; then",
                "`[[ $(f && g){} -gt 1 ]]`", "[[ \"${x:-{}}\" -le $(echo \"[[ a ]]\") ]]", "[[ -v {} ]]",
                "$[ {} + 1 ]", "\"$[a[1]+{}]\"", "${a[{}]}", "\"${#a[b[0]+{}]}\"", "${!a['{}']}", "${a[${b[0]} + {}]:-x}", "zsh $a[{}]",
                "${s:{}:1}", "\"${s:${x:-1}:{}}\"", "${s:${a[0]}:{}}", "${@: -{}}", "${a[@]:{}}", "${a[{}]:1}", "${(P)a[{}]}",
                "a[{}]=1", "x=1 a[b[0]+{}]+=1", "a=([1]=x [{}]=y)", "declare a[\"{}\"]=1", "a[0][{}]=1", "$( (a[{}]=1) )",
                "cat <<E\n${a[{}]}\nE\n", "if(({} > 1)); then", "`(({}))`", "$(( ${s:{}:1} ))")) {
            CommandTemplate template = CommandTemplate.parse(evaluated);
            template.expand("17", 1);
            template.expand(" -0x1F ", 1);
            for (String input : List.of("x", "x=1", "")) {
                assertThrows(evaluated, IllegalArgumentException.class, () -> template.expand(input, 1));
            }
        }
    }

    @Test
    public void anyInputIsAllowedWhereNoShellEvaluatesIt() throws Exception {
        for (String text : List.of(
                "[ \"{}\" -eq 1 ]", "[[ {} == x ]]", "[[ $n -eq 1 && {} == \"a -eq b\" ]]", "[[ $(wc -l < {}) -gt 5 ]]",
                "[[ `f {}` -gt 5 ]] && f {}", "[[ a -eq 1 ]]; f {}", "echo -eq {} [[ -eq", "[[ x =~ ^[[:alpha:]]+$ || x != {} ]]",
                "${x:-{}}", "\"${x:+{}}\"", "${x#{}}", "${a[0]:-{}}", "${a[@]/{}/x}", "${x[1]}{}", "${s:1:2} {}", "${a[$(f {})]}",
                "$x{}", "\"$x[ {}\"", "'${a[{}]}'", "'a[{}]=1'", "x-[{}]=1", "\\${a[{}]}", "ls [{}]* a[{}]", "a[1]={}", "a=([1]={})",
                "cat <<'E'\n${a[{}]}\nE\n", "[ x ]={}", "echo \"a[0]=\"{}", "${#} ${x} {}")) {
            assertEquals(text, true, CommandTemplate.parse(text).expand("x=1", 1).startsWith("parallel_0='x=1'\n"));
        }
        String quoted = "s=abc; a=1; [ \"{}\" != x ] && out \"${s:+${a}}\"'[{}]'{}";
        assertEquals("1[it's \"x\"]it's \"x\"", text(quoted, "it's \"x\""));
        assertEquals("no word is split", "a[ 7 ]=x", text("out a[{}]=x", " 7 "));
    }

    @Test
    public void replacementStringsAreThoseOfGnuParallel() throws Exception {
        String all = "out \"{}|{.}|{/}|{//}|{/.}|{#}\"";
        assertEquals("dir/sub/a.tar.gz|dir/sub/a.tar|a.tar.gz|dir/sub|a.tar|1", text(all, "dir/sub/a.tar.gz"));
        assertEquals("a|a|a|.|a|1", text(all, "a"));
        assertEquals("/a|/a|a|/|a|1", text(all, "/a"));
        assertEquals("dir/|dir/||.||1", text(all, "dir/"));
        assertEquals("a//b.c|a//b|b.c|a|b|1", text(all, "a//b.c"));
        assertEquals("/|//a|//|a/b//", "/|/|/|a", String.join("|", folder("/"), folder("//a"), folder("//"), folder("a/b//")));
        assertEquals("d.d/.bashrc|d.d/.bashrc|.bashrc|d.d|.bashrc|1", text(all, "d.d/.bashrc"));
    }

    @Test
    public void partsOfInputsHaveNamesOrNumbers() throws Exception {
        Map<String, Object> named = new LinkedHashMap<>(Map.of("file", "dir/a.tar.gz", "jdk", 17, "node-version", "it's $HOME"));
        assertEquals(
                "dir/a.tar.gz|dir/a.tar|a.tar.gz|dir|a.tar|17|it's $HOME|1",
                text("out \"{file}|{file.}|{file/}|{file//}|{file/.}|{jdk}|\"'{node-version}'\"|{#}\"", named));
        assertEquals("18", text("out $(( {jdk} + 1 ))", named));
        assertEquals("a/b.c [\"x\"] b a/b", text("out \"{1} {2} {1/.} {1.}\"", List.of("a/b.c", List.of("x"))));
        assertEquals("[1,2]", text("out", List.of(1, 2)));
        assertEquals("17", text("cat <<E | { read x; out $x; } # here\n{jdk}\nE\n", named));
        for (String input : HOSTILE) {
            assertArrayEquals(input.getBytes(StandardCharsets.UTF_8), run("out '{x}'", Map.of("x", input)));
        }
    }

    @Test
    public void anUnknownPartIsRefusedInOneLine() {
        Object input = new TreeMap<>(Map.of("jdk", 17, "os", "linux"));
        CommandTemplate template = new CommandTemplate("make {os} {oss/}");
        String message = assertThrows(IllegalArgumentException.class, () -> template.expand(input, 1)).getMessage();
        assertEquals(
                "{oss/} is no part of the input, which has {jdk}, {os}; for braces that belong to the command write { oss/ }",
                message);
        for (String unknown : List.of("echo {3}", "echo '{0}'", "echo \"{-1}\"", "cat <<E\n{print}\nE", "x{1}{3}", "{ os }{Os}")) {
            assertThrows(unknown, IllegalArgumentException.class, () -> new CommandTemplate(unknown).expand(List.of(1, 2), 1));
        }
        CommandTemplate.InputCheck check = new CommandTemplate.InputCheck("make {os}");
        check.accept(input);
        assertThrows(IllegalArgumentException.class, () -> check.accept(Map.of("jdk", 17)));
        assertThrows("one without parts", IllegalArgumentException.class, () -> check.accept("linux"));
    }

    @Test
    public void bracesOfTheShellAndOfOtherLanguagesAreLeftAlone() throws Exception {
        Map<String, Object> input = Map.of("os", "linux", "x", "no");
        for (String braces : List.of(
                "${x}", "${#x}", "{a,b}", "{1..3}", "{print $1}", "{ print }", "%{http_code}", "HEAD@{1}", "@{u}", "[0-9]{4}",
                "(ab){2}", "\\d{3}", "a\\{3\\}", "{2,3}", "{{name}}", "#{name}", "{{.Names}}", "{name: .y}")) {
            assertEquals(braces, text("out '" + braces + "'; : {}", input));
        }
        assertEquals("v linux", text("x=v; f() { out \"${x} $1\"; }; f {os}", input));
        assertEquals("user@linux", text("out user@{os}", input));
        assertEquals("inputs without parts have none", "{os} x{3} y", text("out \"{os} x{3} {}\"", "y"));
        new CommandTemplate("exec {fd}>log; make {os}").expand(input, 1);
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

    private String folder(String input) throws Exception {
        return text("out {//}", input);
    }

    private String text(String template, Object input) throws Exception {
        return new String(run(template, input), StandardCharsets.UTF_8);
    }
}
