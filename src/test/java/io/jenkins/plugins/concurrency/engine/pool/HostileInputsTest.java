package io.jenkins.plugins.concurrency.engine.pool;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.Outcome;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeStatus;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a program finds in its arguments, byte for byte, whatever the inputs try. */
public class HostileInputsTest {

    private static final List<String> PIECES = List.of(
            "'", "\"", "\\", "$", "`", "$(touch pwned)", "${IFS}", "\n", "\r", "\t", " ", ";touch pwned;", "&", "|", "<", ">",
            "(", ")", "{}", "{.}", "*", "?", "[a]", "~", "!", "#", "-", "--", "-e", "%s", "\u0001", "\u007f", "\u001b[2J",
            "ü", "😀", "\u00ff", "\u0085", "\u2028", "EOF", "parallel_input=", "'\n'", "'\\''", "\\\n", "exec", "\u0004");

    @Rule
    public final PoolRule pool = new PoolRule();

    @Before
    public void aProgramThatKeepsItsArgument() throws Exception {
        assumeTrue("needs a POSIX shell", File.separatorChar == '/');
        Path keep = Files.writeString(pool.directory().resolve("keep"), "#!/bin/sh\nprintf %s \"$2\" >\"got-$1\"\n");
        assertEquals(true, keep.toFile().setExecutable(true));
    }

    private static List<String> corpus() {
        List<String> corpus = new ArrayList<>(PIECES);
        corpus.add("");
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8) + 1; length > 0; length--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            corpus.add(text.toString());
        }
        for (int length : List.of(1_900, 2_100, 70_000, 99_990, 100_100)) {
            corpus.add("it's $(touch pwned) ü ".repeat(length / 20));
        }
        return corpus;
    }

    private void assertReceived(String template, List<String> inputs) throws Exception {
        List<Outcome> outcomes = pool.run(pool.template(template, inputs.toArray()));
        for (Outcome outcome : outcomes) {
            String input = inputs.get(outcome.index());
            assertEquals(template + " " + outcome.details(), OutcomeStatus.SUCCEEDED, outcome.status());
            Path got = pool.directory().resolve("got-" + (outcome.index() + 1));
            assertArrayEquals(
                    template + " with " + input.substring(0, Math.min(60, input.length())),
                    input.getBytes(StandardCharsets.UTF_8),
                    Files.readAllBytes(got));
            Files.delete(got);
        }
        assertFalse("an input was executed", Files.exists(pool.directory().resolve("pwned")));
    }

    @Test
    public void aProgramWithoutAShellReceivesThem() throws Exception {
        assertReceived("./keep {#} {}", corpus());
    }

    @Test
    public void aProgramOfAShellReceivesThem() throws Exception {
        assertReceived("if true; then ./keep {#} '{}'; fi", corpus());
    }

    @Test
    public void appendedInputsAreReceived() throws Exception {
        assertReceived("n=${CONCURRENCY_STEPS_BRANCH##*/}; ./keep $((n+1))", corpus());
    }

    @Test
    public void whatIsTooLargeForAnArgumentReachesTheShellItself() throws Exception {
        assertReceived("printf %s {} >got-{#}", List.of("'$(touch pwned)\n".repeat(200 * 1024 / 16)));
    }

    @Test
    public void nulIsRefusedForItsBranchAlone() throws Exception {
        List<Outcome> outcomes = pool.run(pool.template("./keep {#} {}", "a\0b", "c"));
        assertEquals(ErrorType.INVALID, outcomes.get(0).error().type());
        assertEquals(OutcomeStatus.SUCCEEDED, outcomes.get(1).status());
    }
}
